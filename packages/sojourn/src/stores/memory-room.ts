import { SessionError } from '../core/errors.ts'
import { overBy } from '../core/over.ts'
import type { Instant } from '../core/session.ts'
import type { MemoryRow } from './memory-row.ts'
import type { MemoryTable } from './memory-table.ts'

/**
 * Removes what can be spared where the table is full: what ended longest ago, else what is expired, else the guests that were
 * unseen longest, a hundredth of the table at a time so that a flood of guests does not sort them at every step, else what
 * could be restored for the shortest time.
 */
export function makeRoom(table: MemoryTable, most: number, at: Instant, spared: string | undefined): void {
  if (table.rows.size < most) return
  const row = spared === undefined ? undefined : table.rows.get(spared)
  const [heap, moment] = [row?.heap, row?.moment ?? 0]
  if (row !== undefined) heap?.remove(row)
  try {
    removeOne(table, most, at, row)
  } finally {
    if (row !== undefined) heap?.add(row, moment)
  }
}

/** The spared row is in no heap. */
function removeOne(table: MemoryTable, most: number, at: Instant, spared: MemoryRow | undefined): void {
  const [bare, detailed] = [table.bare.first(), table.detailed.first()]
  const remains = bare === undefined || (detailed?.moment ?? Infinity) < bare.moment ? detailed : bare
  if (remains !== undefined) return table.remove(remains.found.session.id)
  for (let row = table.due.first(); row !== undefined && row.moment < at; row = table.due.first()) {
    const found = table.found(row.found.session.id)
    if (found !== undefined && overBy(found.session, found.watermark, at) !== null)
      return table.remove(found.session.id)
    table.postpone(row)
  }
  const guests = [...table.rows.values()]
    .filter((row) => row.found.session.subject === null && row !== spared)
    .map(({ found }) => found.session)
    .toSorted((a, b) => a.lastSeenAt - b.lastSeenAt)
    .slice(0, Math.ceil(most / 100))
  for (const { id } of guests) table.remove(id)
  if (guests.length > 0) return
  const restorable = table.remembered.first()
  if (restorable !== undefined) return table.remove(restorable.found.session.id)
  throw new SessionError(
    'store_full',
    `The memory store is full: all ${most} sessions in it belong to someone. Raise maxSessions, or take a store on disk`,
  )
}
