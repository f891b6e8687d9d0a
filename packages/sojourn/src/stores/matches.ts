import type { Session } from '../core/session.ts'
import type { Filter } from '../core/store.ts'

/** Whether a session is among those that the filter names. */
export function matches(session: Session, filter: Filter): boolean {
  return (
    session.realm === filter.realm &&
    (filter.id === undefined || session.id === filter.id) &&
    (filter.except === undefined || session.id !== filter.except) &&
    (filter.subject === undefined || session.subject === filter.subject) &&
    (filter.app === undefined || session.app === filter.app) &&
    (filter.method === undefined || session.method === filter.method) &&
    (filter.family === undefined || session.family === filter.family) &&
    (filter.parent === undefined || session.parent === filter.parent) &&
    (filter.actor === undefined || session.actor === filter.actor) &&
    (filter.ip === undefined || session.ip === filter.ip) &&
    (filter.unseenSince === undefined || session.lastSeenAt + session.lag <= filter.unseenSince)
  )
}
