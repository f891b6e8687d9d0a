import { challengeOf, type Freshness } from 'sojourn/core'
import { refuse, seeOther, showsPages } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'

/**
 * The refusal for whoever may not change credentials or close the account at this moment, or `undefined`: the sign-in was
 * longer ago than `stepUp` (ASVS 7.5.1), or somebody acts as the person. `back`: the page where they go on afterwards.
 * `more`: what the sign-in must have shown beside.
 */
export function refuseSensitive(
  asked: Asked,
  { config }: Parts,
  back: string,
  more: Omit<Freshness, 'maxAge'> = {},
): Response | undefined {
  const { session } = asked.var
  if (session.actor !== null)
    return refuse(asked, 403, 'acting_as_another', 'Whoever acts as somebody else changes nothing of this.')
  const fresh = session.freshness({ maxAge: config.stepUp, ...more })
  if (fresh.ok) return undefined
  if (showsPages(asked))
    return seeOther(asked, `/login?reason=reauth_required&return_to=${encodeURIComponent(back)}`)
  asked.header('WWW-Authenticate', challengeOf(fresh))
  const detail = 'Sign in again first: this is for somebody who has just signed in.'
  return refuse(asked, 401, fresh.error, detail, fresh.reason)
}
