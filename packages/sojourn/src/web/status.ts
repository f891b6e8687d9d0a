import type { AssuranceLevel, EndReason, Instant } from '../core/session.ts'
import type { Visit } from './visit.ts'

/** What a client may know of its own session. Moments are epoch milliseconds by the server's clock. */
export interface SessionStatus {
  readonly state: 'active' | 'guest' | 'ended' | 'none'
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
  const { session, ended } = visit
  const state =
    session !== null ? (session.subject === null ? 'guest' : 'active') : ended !== null ? 'ended' : 'none'
  return {
    state,
    id: session?.id ?? null,
    subject: session?.subject ?? null,
    assurance: session?.assurance ?? 0,
    authenticated_at: session?.authenticatedAt ?? null,
    idle_expires_at: visit.expiresAt,
    absolute_expires_at: session?.expiresAt ?? null,
    remembered_until: session?.rememberedUntil ?? null,
    now,
    reason: ended?.reason ?? null,
  }
}
