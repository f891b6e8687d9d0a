import type { Account } from '../accounts/account.ts'
import { credentialWasChanged } from '../change-credential.ts'
import { letters } from '../mail/letters.ts'
import type { Asked, Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import type { FactorProof } from './factor-proof.ts'

/** What may be added and removed, as letters call it. */
export type Factor = keyof typeof words

const words = { totp: 'an authenticator app', passkey: 'a passkey' } as const

export interface FactorAdded {
  /** For their person's eyes alone, once; none where they have some already. */
  readonly codes: readonly string[]
  readonly isSignedIn: boolean
}

/**
 * What follows once somebody who is signed in has added a factor, and has shown it by that: the session rises to what was
 * shown, all others end as the policy says (PCA-07), the person hears of it, and gets recovery codes with the first one.
 */
export async function factorWasAdded(
  asked: Asked,
  parts: Parts,
  account: Account,
  factor: Factor,
  proof: FactorProof,
): Promise<FactorAdded> {
  const { accounts, factors, log, config } = parts
  // Before the sessions end: a sign-in without it that is under way notices by one or the other.
  await accounts.noteChange(account.id)
  await asked.var.session.elevate(proof)
  const codes = await factors.recoveryCodes.issueIfNone(account.id)
  log.info({ event: 'factor.added', account: account.id, factor }, 'a second factor was added')
  const letter = letters.factorAdded(siteOf(config), words[factor])
  return { codes, isSignedIn: await credentialWasChanged(asked, parts, account, 'mfa', letter) }
}

/** The same once they have removed one. Whether they are still signed in here. */
export async function factorWasRemoved(
  asked: Asked,
  parts: Parts,
  account: Account,
  factor: Factor,
): Promise<boolean> {
  const { accounts, factors, log, config } = parts
  await factors.afterRemoval(account.id)
  await accounts.noteChange(account.id)
  log.info({ event: 'factor.removed', account: account.id, factor }, 'a second factor was removed')
  const letter = letters.factorRemoved(siteOf(config), words[factor])
  return credentialWasChanged(asked, parts, account, 'mfa', letter)
}

/**
 * Removes all second factors of somebody who has lost them, by an administrator's hand: all their sessions end, before it
 * and once more after it, so that while they cannot be ended nothing has changed. The person hears of it.
 */
export async function resetFactors(parts: Parts, account: Account, by: string): Promise<void> {
  const { accounts, factors, links, sessions, mailer, log, config } = parts
  await sessions.end({ subject: account.id }, 'credential_changed', by)
  await factors.removeAll(account.id)
  await accounts.noteChange(account.id)
  await links.revoke(account.id)
  await sessions.credentialChanged(account.id, { credential: 'mfa', how: 'reset', by })
  log.info({ event: 'factors.reset', account: account.id, by }, 'second factors were reset')
  mailer?.post({ to: account.email, ...letters.factorsReset(siteOf(config)) })
}
