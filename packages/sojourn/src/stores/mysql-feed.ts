import type { EndReason } from '../core/session.ts'
import type { Change, Changes } from '../core/store.ts'
import { feedLimit } from './feed.ts'
import type { Row } from './mysql-client.ts'
import type { Statement } from './mysql-list.ts'
import type { MysqlNames } from './mysql-names.ts'

/**
 * The feed after a cursor, which is the number of a row. Whoever adds rows holds one lock until they are committed. So numbers become
 * visible in their order, and what is read in one statement, with the latest number, has no holes that fill up later.
 *
 * The row of the cursor comes first, if it is still there, then what follows; or the latest number alone.
 */
export function changesStatement({ changes }: MysqlNames, cursor: string | null, limit: number): Statement {
  feedLimit(limit)
  const place = placeOf(cursor) ?? 0
  const sql = `SELECT head.seq, x.seq, x.kind, x.id, x.reason, x.at, x.scope
    FROM (SELECT MAX(z.seq) AS seq FROM ${changes} z) head
    LEFT JOIN (
      SELECT y.* FROM ${changes} y
        WHERE y.seq >= CAST(? AS SIGNED) AND (y.seq = CAST(? AS SIGNED) OR y.kind <> 'note') AND CAST(? AS SIGNED) > 0
        ORDER BY y.seq LIMIT ${limit + 1}
    ) x ON TRUE ORDER BY x.seq`
  return { sql, values: [place, place, place] }
}

/** What the rows of `changesStatement` tell. */
export function readChanges(rows: readonly Row[], cursor: string | null, limit: number): Changes {
  const [here, ...later] = rows
  const place = placeOf(cursor)
  const head = Number(here?.[0] ?? 0)
  if (place === undefined || Number(here?.[1] ?? 0) !== place)
    return { changes: [], cursor: String(head), gap: cursor !== null }
  const next = later.length === limit ? Number(later.at(-1)?.[1] ?? place) : head
  return { changes: later.map(readChange), cursor: String(next), gap: false }
}

function placeOf(cursor: string | null): number | undefined {
  return cursor !== null && /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : undefined
}

function readChange(row: Row): Change {
  const [, , kind, id, reason, at, scope] = row
  if (kind === 'changed') return { kind, id: String(id) }
  if (kind === 'ended') return { kind, id: String(id), reason: reason as EndReason, at: Number(at) }
  const [realm, subject, method, policy] = JSON.parse(String(scope)) as (string | null)[]
  const narrower = Object.entries({ subject, method, policy }).filter(([, value]) => value !== null)
  return {
    kind: 'watermark',
    scope: { realm: String(realm), ...Object.fromEntries(narrower) },
    watermark: { at: Number(at), reason: reason as EndReason },
  }
}
