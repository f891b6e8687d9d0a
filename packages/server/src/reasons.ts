import { type EndReason, endReasons, endSentences } from 'sojourn'
import type { Config } from './config.ts'

/** Why somebody stands before the sign-in page. */
export type RefusalReason = EndReason | 'login_required' | 'inactive_session'

export const personRequired =
  'You were let in without saying who you are. This is for people who are known: sign in as yourself.'

/** The sentence for a word of the closed list, from wherever it came; anything else says nothing. */
export function sentenceOf(reason: string | undefined, config: Config): string | undefined {
  const end = endReasons.find((one) => one === reason)
  if (end !== undefined) return endSentences[end]
  if (reason === 'inactive_session') return config.inactiveSentence
  if (reason === 'reauth_required')
    return 'Sign in again to go on: this is for somebody who has just signed in.'
  if (reason === 'person_required') return personRequired
  if (reason === 'password_reset') return 'Your new password is saved. Sign in with it.'
  if (reason === 'account_deleted') return 'Your account was deleted, and you are signed out everywhere.'
  if (reason === 'login_waited') return 'That sign-in waited for too long, or is complete. Sign in again.'
  return undefined
}
