import { refuse, seeOther, showsPages } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'

/**
 * The refusal for a session whose person last proved who they are too long ago (ASVS 7.5.2), or `undefined`. Refreshing or
 * restoring a session is no proof.
 */
export function refuseStale(asked: Asked, { config }: Parts, back: string): Response | undefined {
  if (asked.var.session.freshness({ maxAge: config.freshness }).ok) return undefined
  if (showsPages(asked))
    return seeOther(asked, `/login?reason=reauth_required&return_to=${encodeURIComponent(back)}`)
  return refuse(
    asked,
    403,
    'reauth_required',
    'Sign in again first: this is for somebody who has just signed in.',
  )
}
