import type { AbsoluteTimeoutPolicy } from './rules/absolute-timeout.ts'
import type { AssuranceLevel, Instant, Session } from './session.ts'
import type { Elevation } from './store.ts'

/** What was just verified of the subject of a session. */
export interface Proof {
  /** RFC 8176 references of the factors. */
  readonly amr: readonly string[]
  /** What the factors of the session amount to now. */
  readonly assurance: AssuranceLevel
}

/**
 * What verifying factors changes of a session: the one way in which its assurance rises; nothing here lowers it. The
 * timeouts start anew (NIST SP 800-63B-4, 5.2), except where another session bounds this one's life.
 */
export function elevate(
  session: Session,
  { amr, assurance }: Proof,
  { absoluteTimeout }: AbsoluteTimeoutPolicy,
  at: Instant,
): Elevation {
  const isBound = session.parent !== null || session.actor !== null
  const expiresAt = absoluteTimeout === null ? null : at + absoluteTimeout
  return {
    assurance: higher(session.assurance, assurance),
    amr: [...session.amr.filter((known) => !amr.includes(known)), ...amr],
    factors: [
      ...session.factors.filter((factor) => !amr.includes(factor.amr)),
      ...amr.map((reference) => ({ amr: reference, at })),
    ],
    authenticatedAt: at,
    restored: false,
    expiresAt: isBound ? session.expiresAt : expiresAt,
  }
}

/** What a refresh token restores: it proves a device, not a person, so never more than the first level. */
export function assuranceRestored(assurance: AssuranceLevel): AssuranceLevel {
  return assurance === 0 ? 0 : 1
}

function higher(a: AssuranceLevel, b: AssuranceLevel): AssuranceLevel {
  return a > b ? a : b
}
