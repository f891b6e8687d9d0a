import { overBy } from '../core/over.ts'
import type { Instant, Session } from '../core/session.ts'
import type { SweepOptions, SweepResult } from '../core/store.ts'
import type { Standing } from './admit.ts'
import type { SqliteTable } from './sqlite-table.ts'

/** One bounded step of a sweep. */
export function sweepTable(
  table: SqliteTable,
  now: Instant,
  { limit, purgeBefore, of }: SweepOptions,
): SweepResult {
  const marked: Session[] = []
  const mark = (standing: Standing): boolean => {
    const over = overBy(standing.session, standing.watermark, now)
    if (over !== null) marked.push(table.end(standing, { at: now, reason: over.reason }))
    return over !== null
  }
  if (of !== undefined) {
    const purged = table.purge(purgeBefore, limit, of)
    for (const standing of table.ofSubject(of.realm, of.subject)) if (marked.length < limit) mark(standing)
    return { ended: marked, purged, more: marked.length === limit || purged === limit }
  }
  const purged = table.purge(purgeBefore, limit)
  const due = table.due(now, limit)
  for (const standing of due) if (!mark(standing)) table.postpone(standing)
  let left = limit - due.length
  for (let watermark = table.unswept(); left > 0 && watermark !== undefined; watermark = table.unswept()) {
    const under = table.nextUnder(watermark, left)
    for (const standing of under) mark(standing)
    table.noteSwept(watermark, under.length < left ? undefined : under.at(-1)?.session)
    left -= Math.max(1, under.length)
  }
  table.purgeWatermarks(purgeBefore, limit)
  return { ended: marked, purged, more: left === 0 || purged === limit }
}
