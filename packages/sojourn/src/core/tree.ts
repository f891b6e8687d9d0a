import type { EndReason, Instant } from './session.ts'

/** What bounds the life of a linked session; each `null` where it sets no limit, or is not there. */
export interface Bounds {
  /** The session's own absolute timeout. */
  readonly own: Instant | null
  /** The absolute timeout of the session above it: of an application's session, the one at the authorization server. */
  readonly parent: Instant | null
  /** What the identity provider has said of the login behind both, such as `session_expiry` or the age that it allows. */
  readonly identityProvider: Instant | null
}

/** When a session ends whatever happens, and which bound that is. */
export interface LinkedExpiry {
  /** The last valid moment; over one millisecond later. `null`: nothing limits it. */
  readonly at: Instant | null
  /**
   * Its own bound, or one from above. Its record keeps the moment alone, so that every store, with no policy at hand, says
   * the same of its end, and that is `absolute_timeout` either way. Whoever is told by a provider ends it as `idp_expired`.
   */
  readonly reason: Extract<EndReason, 'absolute_timeout' | 'idp_expired'>
}

/**
 * The life of a linked session is the shortest of its own, its parent's and what the identity provider allows: it never
 * outlives what it stands on (ASVS 7.6.1). At a tie it is its own.
 */
export function linkedExpiry({ own, parent, identityProvider }: Bounds): LinkedExpiry {
  const above = earlier(parent, identityProvider)
  if (above === null || (own !== null && own <= above)) return { at: own, reason: 'absolute_timeout' }
  return { at: above, reason: 'idp_expired' }
}

/** The earlier of two moments, where `null` never comes. */
export function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
