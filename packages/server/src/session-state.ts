import type { Instant, Session } from 'sojourn'
import { isLive, isRestorable } from 'sojourn/core'

/**
 * What a session is to people and programs. `restorable`: nobody is signed in by it, and its device can come back without
 * signing in. `over`: past its limits, and nothing has marked it yet.
 */
export type SessionState = 'pending' | 'live' | 'restorable' | 'over' | 'ended'

export function stateOf(session: Session, now: Instant): SessionState {
  if (isRestorable(session, now)) return 'restorable'
  if (session.endedAt !== null) return 'ended'
  if (!isLive(session, now)) return 'over'
  return session.activatedAt === null ? 'pending' : 'live'
}
