import type { Session } from './session.ts'

/** The order of eviction: longest unseen first, then oldest, then by id. */
export function byUnseen(a: Session, b: Session): number {
  return a.lastSeenAt - b.lastSeenAt || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
