import { mayRestore } from '../core/remember.ts'
import type { Instant, Session } from '../core/session.ts'
import type { End } from '../core/store.ts'
import type { Standing } from './standing.ts'

/** What ending needs of a table. */
export interface EndingTable {
  /** All whose parent is one of these, in any realm, ended or not, by id. */
  below(ids: readonly string[]): readonly Standing[]
  /** Ends a session that has not ended: by `end`, or by what was over before. */
  end(standing: Standing, end: End): Session
  /** The session can no longer be restored: it has no refresh token from now on. */
  forget(session: Session): Session
  /** Hears of each session that an end passes through, where what stands below it may be in another table. */
  passOn?(id: string, passed: Passed): void
}

/** What an end comes to for those below: how they end, and what was asked for at the top. */
export interface Passed {
  readonly end: End
  readonly asked: End
}

export interface Ending {
  readonly standing: Standing
  readonly end: End
}

/**
 * Ends each of some sessions by its own end, then all that stands below them, as the nearest of them above ended. What
 * had ended before is not ended again, but it, and what is below it, can no longer be restored either, unless the end is
 * for want of use: whoever revokes a session that had timed out means its refresh token too. Returns what it ended, in
 * that order. It spares one session, and what stands below that.
 */
export function endTrees(
  table: EndingTable,
  endings: readonly Ending[],
  spared?: string,
): readonly Session[] {
  const ended: Session[] = []
  const tops = endings.filter(({ standing: { session }, end }) => {
    return session.endedAt === null || (session.rememberedUntil !== null && !mayRestore(end.reason))
  })
  const level = new Map<string, Passed>()
  for (const top of tops) {
    const session = close(table, top, top.end, ended)
    const end = top.standing.session.endedAt === null ? endOf(session) : top.end
    level.set(session.id, { end, asked: top.end })
  }
  endLevels(table, level, spared, ended)
  return ended
}

/** Ends what stands below sessions whose end is passed on. Adds to `ended` what it ended. */
export function endLevels(
  table: EndingTable,
  from: ReadonlyMap<string, Passed>,
  spared: string | undefined,
  ended: Session[],
): void {
  const reached = new Set(from.keys())
  if (spared !== undefined) reached.add(spared)
  let level = from
  while (level.size > 0) {
    const next = new Map<string, Passed>()
    for (const [id, passed] of level) table.passOn?.(id, passed)
    for (const standing of table.below([...level.keys()])) {
      const { id, parent } = standing.session
      const above = level.get(parent ?? '')
      if (above === undefined || reached.has(id)) continue
      reached.add(id)
      close(table, { standing: asOf(standing, above.end.at), end: above.end }, above.asked, ended)
      next.set(id, above)
    }
    level = next
  }
}

function close(table: EndingTable, { standing, end }: Ending, asked: End, ended: Session[]): Session {
  const before = standing.session
  const after = before.endedAt === null ? table.end(standing, end) : before
  const session = after.rememberedUntil === null || mayRestore(asked.reason) ? after : table.forget(after)
  if (before.endedAt === null) ended.push(session)
  return session
}

/** The session without a watermark that came after the moment. */
export function asOf({ session, watermark }: Standing, at: Instant): Standing {
  return { session, watermark: watermark !== null && watermark.at > at ? null : watermark }
}

/** The end of a session, for what stands below it. */
export function endOf({ endedAt, endReason, endedBy }: Session): End {
  if (endedAt === null || endReason === null) throw new TypeError('The session has not ended')
  return { at: endedAt, reason: endReason, ...(endedBy === null ? {} : { by: endedBy }) }
}
