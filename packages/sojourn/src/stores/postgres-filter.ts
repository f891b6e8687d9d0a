import type { Filter, ListQuery } from '../core/store.ts'
import { readCursor } from './cursor.ts'
import type { Fragments } from './postgres-sql/fragments.ts'

export type Value = string | number | boolean | null

/** The terms of a WHERE over sessions `s`. Each value is a parameter. */
class Terms {
  readonly values: Value[]
  readonly #terms: string[] = []

  constructor(values: Value[]) {
    this.values = values
  }

  add(sql: (...parameters: string[]) => string, ...values: Value[]): void {
    this.#terms.push(sql(...values.map((value) => this.parameter(value))))
  }

  /** Where a value is given: the column must be equal to it. */
  equal(column: string, value: string | undefined): void {
    if (value !== undefined) this.add((given) => `${column} = ${given}`, value)
  }

  parameter(value: Value): string {
    return `$${this.values.push(value)}`
  }

  get where(): string {
    return `WHERE ${this.#terms.join(' AND ')}`
  }
}

/** The ids of what a filter names that has not ended, or can still be restored; the parameters are added to `values`. */
export function idsToEnd(filter: Filter, values: Value[], f: Fragments): string {
  const { sessions, c } = f
  const parts = [
    `s.${c.endedAt} IS NULL`,
    `s.${c.endedAt} IS NOT NULL AND s.${c.rememberedUntil} IS NOT NULL`,
  ]
  const selects = parts.map((part) => {
    const terms = termsOf(filter, values, f)
    terms.add(() => part)
    return `SELECT s.${c.id} FROM ${sessions} s ${terms.where}`
  })
  return `ARRAY(${selects.join(' UNION ALL ')})`
}

/** One page of a list, and one row more to know whether another page follows. */
export function listed(query: ListQuery, values: Value[], f: Fragments): string {
  const { sessions, c } = f
  const { at, state, reason, limit, cursor } = query
  const terms = termsOf(query, values, f)
  terms.equal(`s.${c.endReason}`, reason)
  if (state === 'ended') terms.add(() => `s.${c.endedAt} IS NOT NULL`)
  if (state === 'live')
    terms.add((now) => `s.${c.endedAt} IS NULL AND ${f.isLive('s', now)} AND NOT ${f.isCovered('s')}`, at)
  if (state === 'restorable') {
    const isRestorable = (now: string): string => f.isRestorable('s', now)
    terms.add(
      (now) =>
        `s.${c.rememberedUntil} IS NOT NULL AND ${isRestorable(`${now}::bigint`)} AND NOT ${f.isCovered('s')}`,
      at,
    )
  }
  if (cursor !== undefined) {
    const place = readCursor(cursor)
    terms.add(
      (moment, id) => `s.${c.createdAt} <= ${moment} AND (s.${c.createdAt} < ${moment} OR s.${c.id} > ${id})`,
      place.createdAt,
      place.id,
    )
  }
  return `SELECT ${f.sessionColumns('s')} FROM ${sessions} s ${terms.where}
    ORDER BY s.${c.createdAt} DESC, s.${c.id} LIMIT ${terms.parameter(limit + 1)}`
}

function termsOf(filter: Filter, values: Value[], { c }: Fragments): Terms {
  const { realm, id, except, subject, app, method, family, parent, actor, ip, unseenSince } = filter
  const terms = new Terms(values)
  // A family, a parent and an actor have few sessions: this keeps the planner from going through the realm instead.
  const few = family !== undefined || parent !== undefined || actor !== undefined
  terms.add((given) => (few ? `s.${c.realm} || '' = ${given}` : `s.${c.realm} = ${given}`), realm)
  if (subject === null) terms.add(() => `s.${c.subject} IS NULL`)
  else terms.equal(`s.${c.subject}`, subject)
  terms.equal(`s.${c.id}`, id)
  terms.equal(`s.${c.app}`, app)
  terms.equal(`s.${c.method}`, method)
  terms.equal(`s.${c.family}`, family)
  terms.equal(`s.${c.parent}`, parent)
  terms.equal(`s.${c.actor}`, actor)
  terms.equal(`s.${c.ip}`, ip)
  if (except !== undefined) terms.add((given) => `s.${c.id} <> ${given}`, except)
  if (unseenSince !== undefined)
    terms.add((given) => `s.${c.lastSeenAt} + s.${c.lag} <= ${given}`, unseenSince)
  return terms
}
