import type { AssuranceLevel, EndReason, Instant } from '../core/session.ts'
import type { Visit } from './visit.ts'

/** What a client may know of its own session. Moments are epoch milliseconds by the server's clock. */
export interface SessionStatus {
  /**
   * `pending`: a login that waits for another step or a choice; the request is nobody's, and `absolute_expires_at` is the last
   * moment to complete it. `restorable`: it timed out on a device that is remembered; the next request of a person, unlike
   * this one, restores it.
   */
  readonly state: 'active' | 'guest' | 'pending' | 'restorable' | 'ended' | 'none'
  /** The public id, or `null`. */
  readonly id: string | null
  readonly subject: string | null
  readonly assurance: AssuranceLevel
  readonly authenticated_at: Instant | null
  /** When it ends if nothing further happens; `null`: not by itself. */
  readonly idle_expires_at: Instant | null
  /** When it ends whatever happens; `null`: no limit. */
  readonly absolute_expires_at: Instant | null
  /** Until when the device brings its person back without a login, whatever becomes of the session; `null`: it does not. */
  readonly remembered_until: Instant | null
  /** The server's time, so that a client can count down without trusting its own clock. */
  readonly now: Instant
  readonly reason: EndReason | null
}

/** The status of the request's session. Asking never extends it where the request is passive. */
export function sessionStatus(visit: Visit<object>, now: Instant): SessionStatus {
  const { session, ended, waiting } = visit
  return {
    state: stateOf(visit),
    id: session?.id ?? null,
    subject: session?.subject ?? null,
    assurance: session?.assurance ?? 0,
    authenticated_at: session?.authenticatedAt ?? null,
    idle_expires_at: visit.expiresAt,
    absolute_expires_at: session?.expiresAt ?? waiting?.until ?? null,
    remembered_until: session?.rememberedUntil ?? null,
    now,
    reason: ended?.reason ?? null,
  }
}

function stateOf({ session, ended, waiting }: Visit<object>): SessionStatus['state'] {
  if (session !== null) return session.subject === null ? 'guest' : 'active'
  if (waiting !== null) return 'pending'
  if (ended === null) return 'none'
  return ended.restorable ? 'restorable' : 'ended'
}
