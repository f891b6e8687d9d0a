import { overBy } from '../core/over.ts'
import type { Instant, Session } from '../core/session.ts'
import type { SweepOptions, SweepResult } from '../core/store.ts'
import { endTrees } from './end-trees.ts'
import type { EndingTable } from './end-trees.ts'
import type { Standing } from './standing.ts'

/** Whose sessions are swept: of a realm, of one subject in it, or all. */
export interface SweptOnly {
  readonly realm?: string
  readonly subject?: string
}

/** What sweeping needs of a table whose watermarks are of some kind. Each number is of rows that were changed. */
export interface SweepingTable<Mark> extends EndingTable {
  /** Takes dead refresh tokens from what has ended. */
  forgetDead(now: Instant, limit: number, only: SweptOnly): number
  purge(before: Instant, limit: number, only: SweptOnly): number
  minimise(before: Instant, limit: number, only: SweptOnly): number
  /** All of a subject's in a realm that have not ended, and perhaps more. */
  ofSubject(realm: string, subject: string): readonly Standing[]
  /** Those whose deadline may be over, in a realm or in all. Each of them is then ended or postponed. */
  due(now: Instant, limit: number, realm: string | undefined): readonly Standing[]
  /** The session was due and still lives: it is looked at again when its deadline comes. */
  postpone(standing: Standing): void
  /** The earliest watermark, of a realm or of all, whose sessions are not all marked yet. */
  unswept(realm: string | undefined): Mark | undefined
  /** The next sessions that a sweep of the watermark looks at; others may be among them. */
  nextUnder(watermark: Mark, limit: number): readonly Standing[]
  /** The sweep of a watermark has come to this session, or, with none, to its end. */
  noteSwept(watermark: Mark, last: Session | undefined): void
  /** Watermarks of before the moment, of a realm or of all, whose sessions are all marked. */
  retiring(before: Instant, limit: number, realm: string | undefined): readonly Mark[]
  /** Takes the refresh tokens from what has ended under a watermark: once that goes, nothing else would stop them. */
  forgetUnder(watermark: Mark, limit: number): number
  drop(watermark: Mark): void
}

/** `Store.sweep` over a table: one bounded step. */
export function sweepIn<Mark>(
  table: SweepingTable<Mark>,
  now: Instant,
  { limit, purgeBefore, minimiseBefore, realm, of }: SweepOptions,
): SweepResult {
  const only = of ?? (realm === undefined ? {} : { realm })
  const forgot = table.forgetDead(now, limit, only)
  const purged = table.purge(purgeBefore, limit, only)
  const minimised = minimiseBefore === undefined ? 0 : table.minimise(minimiseBefore, limit, only)
  const full = [forgot, purged, minimised].includes(limit)
  if (of !== undefined) {
    const ended = mark(table, table.ofSubject(of.realm, of.subject), now, limit)
    return { ended, purged, minimised, more: full || ended.length >= limit }
  }
  const due = table.due(now, limit, realm)
  const ended = [...mark(table, due, now)]
  const ids = new Set(ended.map(({ id }) => id))
  for (const standing of due) if (!ids.has(standing.session.id)) table.postpone(standing)
  let left = limit - due.length
  for (
    let watermark = table.unswept(realm);
    left > 0 && watermark !== undefined;
    watermark = table.unswept(realm)
  ) {
    const under = table.nextUnder(watermark, left)
    ended.push(...mark(table, under, now))
    table.noteSwept(watermark, under.length < left ? undefined : under.at(-1)?.session)
    left -= Math.max(1, under.length)
  }
  if (left > 0) left -= retire(table, purgeBefore, left, realm)
  return { ended, purged, minimised, more: full || left <= 0 }
}

/**
 * Ends those that are over, and what stands below them. What was over first goes first, so that a session ends by what ended
 * first, itself or one above it.
 */
function mark(
  table: EndingTable,
  standings: readonly Standing[],
  now: Instant,
  most: number = Infinity,
): readonly Session[] {
  const over = standings
    .flatMap((standing) => {
      const { session, watermark } = standing
      const by = session.endedAt === null ? overBy(session, watermark, now) : null
      return by === null ? [] : [{ standing, by }]
    })
    .toSorted((a, b) => a.by.at - b.by.at || (a.standing.session.id < b.standing.session.id ? -1 : 1))
  const ended = new Map<string, Session>()
  for (const { standing, by } of over.slice(0, most)) {
    if (ended.has(standing.session.id)) continue
    for (const session of endTrees(table, [{ standing, end: { at: now, reason: by.reason } }]))
      ended.set(session.id, session)
  }
  return [...ended.values()]
}

/** Drops watermarks that have nothing left to say, and returns how many rows it changed for that, at most `limit`. */
function retire<Mark>(
  table: SweepingTable<Mark>,
  before: Instant,
  limit: number,
  realm: string | undefined,
): number {
  let forgot = 0
  for (const watermark of table.retiring(before, limit, realm)) {
    forgot += table.forgetUnder(watermark, limit - forgot)
    if (forgot >= limit) return forgot
    table.drop(watermark)
  }
  return forgot
}
