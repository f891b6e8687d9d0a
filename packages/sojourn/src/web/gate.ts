import type { Freshness } from '../core/assurance.ts'
import type { Duration } from '../core/duration.ts'
import { readSpan } from '../core/option.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { freshLoginRequired, loginRequired } from './reply.ts'
import type { Visit } from './visit.ts'

/** How new and how strong the login behind a request must be. */
export interface FreshLogin extends Omit<Freshness, 'maxAge'> {
  /** How long ago a factor may have been verified: `'10m'`. */
  readonly maxAge?: Duration
}

/** Refuses at construction what does not read. */
export function readFreshLogin({ maxAge, ...rest }: FreshLogin): Freshness {
  if (maxAge === undefined) return rest
  return { ...rest, maxAge: readSpan(maxAge, 'requireFresh.maxAge', "a duration such as '10m'", 'zero') }
}

/** The answer to somebody who is not logged in; `undefined` for who is. */
export function refuseGuest(
  exchange: Exchange,
  { loginPath, onLoginRequired }: WebSettings,
  visit: Visit<object>,
): Reply | undefined {
  if (visit.isLoggedIn) return undefined
  const reason = visit.refusalReason
  return onLoginRequired(exchange, reason) ?? loginRequired(exchange, loginPath, reason)
}

/** The answer to somebody whose login is too old or too weak, or who is not logged in; else `undefined`. */
export function refuseStale(
  exchange: Exchange,
  settings: WebSettings,
  visit: Visit<object>,
  need: Freshness,
): Reply | undefined {
  const guest = refuseGuest(exchange, settings, visit)
  if (guest !== undefined) return guest
  const answer = visit.freshness(need)
  return answer.ok ? undefined : freshLoginRequired(exchange, settings.loginPath, answer)
}
