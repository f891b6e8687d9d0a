import { invalidOption } from '../core/errors.ts'
import type { Instant } from '../core/session.ts'

/** A place in a list: newest `createdAt` first, then by id. */
export interface Place {
  readonly createdAt: Instant
  readonly id: string
}

/** Whether a list shows a session after the place. */
export function isListedAfter(session: Place, place: Place): boolean {
  return (
    session.createdAt < place.createdAt || (session.createdAt === place.createdAt && session.id > place.id)
  )
}

/** Names the place after a session. It holds what the session's own record shows, and nothing else. */
export function writeCursor({ createdAt, id }: Place): string {
  return `${createdAt}.${id}`
}

export function readCursor(cursor: string): Place {
  const [, moment, id] = /^(-?\d{1,16})\.(.{1,1024})$/s.exec(cursor) ?? []
  if (moment === undefined || id === undefined)
    throw invalidOption('cursor', 'the cursor of an earlier page', cursor)
  return { createdAt: Number(moment), id }
}

/** Refuses a page size that is out of range. */
export function pageLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw invalidOption('limit', 'a whole number from 1 to 1000', limit)
  return limit
}
