import type { SQLInputValue } from 'node:sqlite'
import type { Instant } from '../core/session.ts'
import type { Filter, ListQuery } from '../core/store.ts'
import { readCursor } from './cursor.ts'
import type { Place } from './cursor.ts'
import type { Names } from './sqlite-names.ts'

export interface Clause {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** A watermark as a sweep sees it. */
export interface SweptWatermark {
  readonly scope: string
  readonly realm: string
  readonly subject: string | null
  readonly method: string | null
  readonly policy: string | null
  readonly at: Instant
  /** The last session that a sweep looked at, or `null`. */
  readonly swept: Place | null
}

/** The terms of a WHERE over sessions `s`, as text with a `?` for each value. */
class Terms {
  readonly #terms: string[] = []
  readonly #values: SQLInputValue[] = []

  add(sql: string, ...values: SQLInputValue[]): void {
    this.#terms.push(sql)
    this.#values.push(...values)
  }

  /** Where a value is given: the column must be equal to it. */
  equal(column: string, value: string | undefined): void {
    if (value !== undefined) this.add(`${column} = ?`, value)
  }

  where(rest: string, ...values: SQLInputValue[]): Clause {
    return { sql: `WHERE ${this.#terms.join(' AND ')} ${rest}`, values: [...this.#values, ...values] }
  }
}

/** Those of a filter that have ended and can still be restored. */
export function whereRestorable(filter: Filter, names: Names): Clause {
  const terms = termsOf(filter, names)
  terms.add(`s.${names.c.endedAt} IS NOT NULL AND s.${names.c.rememberedUntil} IS NOT NULL`)
  return terms.where('')
}

/** Those under a watermark that have ended and could still be restored without it. */
export function whereForgotten(watermark: SweptWatermark, limit: number, names: Names): Clause {
  const { c } = names
  const { realm, subject, method, policy, at } = watermark
  const terms = termsOf({ realm, ...(subject === null ? {} : { subject }) }, names)
  terms.equal(`s.${c.method}`, method ?? undefined)
  terms.equal(`s.${c.policy}`, policy ?? undefined)
  terms.add(`s.${c.createdAt} <= ? AND s.${c.endedAt} IS NOT NULL AND s.${c.rememberedUntil} IS NOT NULL`, at)
  return terms.where('LIMIT ?', limit)
}

/** Those of a filter that have not ended. */
export function whereStanding(filter: Filter, names: Names): Clause {
  const terms = termsOf(filter, names)
  terms.add(`s.${names.c.endedAt} IS NULL`)
  return terms.where('')
}

/** One page of a list, and one row more to know whether another page follows. */
export function whereListed(query: ListQuery, names: Names): Clause {
  const { c } = names
  const { at, state, reason, limit, cursor } = query
  const terms = termsOf(query, names)
  terms.equal(`s.${c.endReason}`, reason)
  if (state === 'ended') terms.add(`s.${c.endedAt} IS NOT NULL`)
  if (state === 'live') {
    terms.add(`s.${c.endedAt} IS NULL AND w.rowid IS NULL`)
    terms.add(`(s.${c.expiresAt} IS NULL OR s.${c.expiresAt} >= ?)`, at)
    terms.add(`(s.${c.idleTimeout} IS NULL OR s.${c.lastSeenAt} + s.${c.lag} + s.${c.idleTimeout} >= ?)`, at)
  }
  if (state === 'restorable') {
    const idle = `s.${c.lastSeenAt} + s.${c.lag} + s.${c.idleTimeout}`
    terms.add(`s.${c.rememberedUntil} >= ? AND w.rowid IS NULL`, at)
    terms.add(
      `(s.${c.endReason} = 'idle_timeout' OR s.${c.endedAt} IS NULL AND ${idle} < ?
        AND (s.${c.expiresAt} IS NULL OR ${idle} < s.${c.expiresAt}))`,
      at,
    )
  }
  if (cursor !== undefined) addAfter(terms, readCursor(cursor), names)
  return terms.where(`ORDER BY s.${c.createdAt} DESC, s.${c.id} LIMIT ?`, limit + 1)
}

/** The next live sessions of a realm, or of one subject in it, that a sweep of a watermark looks at, newest first. */
export function whereSwept(
  { realm, subject, at, swept }: SweptWatermark,
  limit: number,
  names: Names,
): Clause {
  const { c } = names
  const terms = termsOf(subject === null ? { realm } : { realm, subject }, names)
  const place = swept ?? { createdAt: at, id: '' }
  terms.add(`s.${c.endedAt} IS NULL`)
  addAfter(terms, place, names)
  return terms.where(`ORDER BY s.${c.createdAt} DESC, s.${c.id} LIMIT ?`, limit)
}

function addAfter(terms: Terms, { createdAt, id }: Place, { c }: Names): void {
  terms.add(`s.${c.createdAt} <= ? AND (s.${c.createdAt} < ? OR s.${c.id} > ?)`, createdAt, createdAt, id)
}

function termsOf(filter: Filter, { c }: Names): Terms {
  const { realm, id, except, subject, app, method, family, parent, actor, ip, unseenSince } = filter
  const terms = new Terms()
  // A family, a parent and an actor have few sessions: the + keeps the planner from going through the realm instead.
  const few = family !== undefined || parent !== undefined || actor !== undefined
  terms.add(`${few ? '+' : ''}s.${c.realm} = ?`, realm)
  if (subject === null) terms.add(`s.${c.subject} IS NULL`)
  else terms.equal(`s.${c.subject}`, subject)
  terms.equal(`s.${c.id}`, id)
  terms.equal(`s.${c.app}`, app)
  terms.equal(`s.${c.method}`, method)
  terms.equal(`s.${c.family}`, family)
  terms.equal(`s.${c.parent}`, parent)
  terms.equal(`s.${c.actor}`, actor)
  terms.equal(`s.${c.ip}`, ip)
  if (except !== undefined) terms.add(`s.${c.id} <> ?`, except)
  if (unseenSince !== undefined) terms.add(`s.${c.lastSeenAt} + s.${c.lag} <= ?`, unseenSince)
  return terms
}
