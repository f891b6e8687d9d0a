import type { ListQuery } from '../core/store.ts'
import { pageLimit, readCursor } from './cursor.ts'
import type { Value } from './mysql-client.ts'
import type { MysqlNames } from './mysql-names.ts'
import { termsOf } from './mysql-terms.ts'

/** A statement whose `?` are values, in their order. */
export interface Statement {
  readonly sql: string
  readonly values: readonly Value[]
}

/** A whole number, which clients send as a floating one. */
const whole = 'CAST(? AS SIGNED)'

/** One page of a list, and one row more to know whether another page follows. It comes in the order of the index that it goes along. */
export function listStatement(query: ListQuery, names: MysqlNames): Statement {
  const { at, state, cursor, subject } = query
  const { s, session, live, notCovered, idle } = termsOf(names)
  const terms: string[] = []
  const values: Value[] = []
  const add = (term: string, ...given: Value[]): void => {
    terms.push(term)
    values.push(...given)
  }
  add(`${s.realm} = ?`, query.realm)
  if (subject === null) add(`${s.subject} IS NULL`)
  for (const key of ['subject', 'id', 'app', 'method', 'family', 'parent', 'actor', 'ip'] as const) {
    const value = query[key]
    if (value !== undefined && value !== null) add(`${s[key]} = ?`, value)
  }
  if (query.except !== undefined) add(`${s.id} <> ?`, query.except)
  if (query.unseenSince !== undefined) add(`${s.lastSeenAt} + ${s.lag} <= ${whole}`, query.unseenSince)
  if (query.reason !== undefined) add(`${s.endReason} = ?`, query.reason)
  if (state === 'ended') add(`s.${names.stage} > 1`)
  if (state === 'live') add(`s.${names.stage} = 1 AND ${live(whole)} AND ${notCovered}`, at, at)
  if (state === 'restorable') {
    add(`s.${names.remembered} = 1 AND ${s.rememberedUntil} >= ${whole} AND ${notCovered}`, at)
    add(
      `(${s.endReason} = 'idle_timeout' OR (${s.endedAt} IS NULL AND ${idle} < ${whole}
        AND (${s.expiresAt} IS NULL OR ${idle} < ${s.expiresAt})))`,
      at,
    )
  }
  if (cursor !== undefined) {
    const { createdAt, id } = readCursor(cursor)
    add(`${s.createdAt} <= ${whole} AND (${s.createdAt} < ${whole} OR ${s.id} > ?)`, createdAt, createdAt, id)
  }
  const sql = `SELECT ${session}, NULL, NULL FROM ${names.sessions} s FORCE INDEX (${indexOf(query)})
    WHERE ${terms.join(' AND ')} ORDER BY ${s.createdAt} DESC, ${s.id} LIMIT ${pageLimit(query.limit) + 1}`
  return { sql, values }
}

/** A family, a parent and an actor have few sessions, which are sorted; all else is read in order. */
function indexOf({ id, family, parent, actor, subject, state }: ListQuery): string {
  if (id !== undefined) return 'PRIMARY'
  if (family !== undefined) return 'by_family'
  if (parent !== undefined) return 'by_parent'
  if (actor !== undefined) return 'by_actor'
  if (subject !== undefined) return state === 'live' ? 'live_by_subject' : 'by_subject'
  if (state === 'live') return 'live'
  return state === 'restorable' ? 'remembered' : 'by_creation'
}
