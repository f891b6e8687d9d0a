import type { EndReason, Instant, Page, Session } from 'sojourn'
import { deviceOf, type DeviceType } from '../devices.ts'
import type { Place } from '../places/place.ts'
import type { PlaceOf } from '../places/places.ts'
import type { Parts } from '../parts.ts'
import { type SessionState, stateOf } from '../session-state.ts'

/** One session in the API: public ids and moments (epoch milliseconds), never a token. */
export interface SessionView {
  readonly id: string
  readonly is_current: boolean
  readonly state: SessionState
  readonly subject: string | null
  readonly roles: readonly string[]
  readonly method: string | null
  readonly amr: readonly string[]
  readonly device: { readonly type: DeviceType; readonly browser: string; readonly os: string }
  readonly ip: string | null
  /** Where the address is, as it is known now; `null`: unknown. */
  readonly place: Place | null
  readonly created_at: Instant
  readonly authenticated_at: Instant | null
  readonly last_seen_at: Instant
  /** How much later than `last_seen_at` the true last request may lie, in milliseconds. */
  readonly last_seen_lag: number
  readonly absolute_expires_at: Instant | null
  /** Until when its device can come back without signing in; `null`: it is not remembered. */
  readonly remembered_until: Instant | null
  readonly ended_at: Instant | null
  readonly end_reason: EndReason | null
  readonly ended_by: string | null
}

export function sessionView(
  session: Session,
  currentId: string | null,
  now: Instant,
  placeOf: PlaceOf,
): SessionView {
  const { type, browser, os } = deviceOf(session.userAgent)
  return {
    id: session.id,
    is_current: session.id === currentId,
    state: stateOf(session, now),
    subject: session.subject,
    roles: session.roles,
    method: session.method,
    amr: session.amr,
    device: { type, browser, os },
    ip: session.ip,
    place: placeOf(session),
    created_at: session.createdAt,
    authenticated_at: session.authenticatedAt,
    last_seen_at: session.lastSeenAt,
    last_seen_lag: session.lag,
    absolute_expires_at: session.expiresAt,
    remembered_until: session.rememberedUntil,
    ended_at: session.endedAt,
    end_reason: session.endReason,
    ended_by: session.endedBy,
  }
}

/** One page of a list in the API. */
export interface SessionsView {
  readonly sessions: readonly SessionView[]
  readonly cursor: string | null
}

export async function pageView(
  { items, cursor }: Page,
  currentId: string | null,
  { places, sessions }: Pick<Parts, 'places' | 'sessions'>,
): Promise<SessionsView> {
  const placeOf = await places.of(items)
  const now = sessions.now()
  return { sessions: items.map((one) => sessionView(one, currentId, now, placeOf)), cursor }
}
