import { overBy } from '../core/over.ts'
import type { Instant, Session } from '../core/session.ts'
import type { SweepOptions, SweepResult } from '../core/store.ts'
import type { MemoryRow } from './memory-row.ts'
import type { MemoryTable } from './memory-table.ts'

/** Looks at no more than `limit` rows to mark, and purges no more than `limit`. */
export function sweepTable(table: MemoryTable, now: Instant, options: SweepOptions): SweepResult {
  const { limit, purgeBefore, of } = options
  if (of !== undefined) return sweepSubject(table, now, { limit, purgeBefore, of })
  const purged = purge(table, purgeBefore, limit)
  const marked: Session[] = []
  let left = limit
  for (let row = table.due.first; left > 0 && row !== undefined && row.moment < now; row = table.due.first) {
    left--
    const session = mark(table, row, now)
    if (session === undefined) table.postpone(row)
    else marked.push(session)
  }
  for (
    let under = table.watermarks.unswept;
    left > 0 && under !== undefined;
    under = table.watermarks.unswept
  ) {
    const rows: MemoryRow[] = []
    for (const row of table.candidates(
      under.scope,
      under.swept ?? { createdAt: under.watermark.at, id: '' },
    )) {
      if (rows.push(row) === left) break
    }
    marked.push(...rows.flatMap((row) => mark(table, row, now) ?? []))
    table.watermarks.noteSwept(under, rows.length < left ? undefined : rows.at(-1)?.found.session)
    left -= Math.max(1, rows.length)
  }
  table.watermarks.purge(purgeBefore)
  return { ended: marked, purged, more: left === 0 || purged === limit }
}

function sweepSubject(table: MemoryTable, now: Instant, options: Required<SweepOptions>): SweepResult {
  const { limit, purgeBefore, of } = options
  const rows = [...table.candidates(of)]
  const past = rows.filter(
    ({ found }) => found.session.endedAt !== null && found.session.endedAt < purgeBefore,
  )
  const purged = past.slice(0, limit)
  for (const { found } of purged) table.remove(found.session.id)
  const marked: Session[] = []
  for (const row of rows) {
    if (marked.length === limit) break
    const session = mark(table, row, now)
    if (session !== undefined) marked.push(session)
  }
  return { ended: marked, purged: purged.length, more: marked.length === limit || purged.length === limit }
}

function purge(table: MemoryTable, before: Instant, limit: number): number {
  let purged = 0
  for (
    let row = table.ended.first;
    purged < limit && row !== undefined && row.moment < before;
    row = table.ended.first
  ) {
    table.remove(row.found.session.id)
    purged++
  }
  return purged
}

/** Ends the session of a row if it is over. */
function mark(table: MemoryTable, row: MemoryRow, now: Instant): Session | undefined {
  const found = table.found(row.found.session.id)
  if (found === undefined || found.session.endedAt !== null) return undefined
  const over = overBy(found.session, found.watermark, now)
  return over === null ? undefined : table.end(found, { at: now, reason: over.reason })
}
