import { secretColumns, sessionColumns } from './sql-row.ts'
import type { ColumnName, Names } from './sqlite-names.ts'

/** The statements of a store under its names. `?1` and so on are values, in the order in which they are handed in. */
export function statementsOf(names: Names) {
  const { sessions, watermarks, c } = names
  const sessionKeys = Object.keys(sessionColumns) as (keyof typeof sessionColumns)[]
  const secretKeys = Object.keys(secretColumns) as (keyof typeof secretColumns)[]
  const inserted: readonly ColumnName[] = [...sessionKeys, ...secretKeys, 'dueAt']

  /** The watermarks `v` that cover the session `s`. Both halves of the `OR` are found by the index. */
  const covering = `FROM ${watermarks} v
    WHERE (v.realm = s.${c.realm} AND v.subject IS NULL OR v.realm = s.${c.realm} AND v.subject = s.${c.subject})
      AND (v.method IS NULL OR v.method = s.${c.method})
      AND (v.policy IS NULL OR v.policy = s.${c.policy})
      AND v.at >= s.${c.createdAt}`

  /** Sessions, each with the watermark that is told of it. Most tables have no watermark: looking first is cheaper. */
  const from = `FROM ${sessions} s LEFT JOIN ${watermarks} w ON w.rowid =
    CASE WHEN EXISTS (SELECT 1 FROM ${watermarks}) THEN (
      SELECT v.rowid ${covering}
      ORDER BY v.at DESC, v.subject IS NULL, v.method IS NULL, v.policy IS NULL LIMIT 1
    ) END`
  const standing = `${sessionKeys.map((key) => `s.${c[key]}`).join(', ')}, w.at, w.reason`

  return {
    select: `SELECT ${standing} ${from}`,

    find: `SELECT ${standing}, ${secretKeys.map((key) => `s.${c[key]}`).join(', ')} ${from} WHERE s.${c.id} = ?1`,

    byId: `WHERE s.${c.id} = ?1`,

    liveOfSubject: `WHERE s.${c.realm} = ?1 AND s.${c.subject} = ?2 AND s.${c.endedAt} IS NULL`,

    insert: `INSERT INTO ${sessions} (${inserted.map((key) => c[key]).join(', ')})
      VALUES (${inserted.map(() => '?').join(', ')})`,

    remove: `DELETE FROM ${sessions} WHERE ${c.id} = ?1`,

    /** A session that a watermark covered from the first has no later moment at which a sweep would look at it. */
    dueAtOnce: `UPDATE ${sessions} AS s SET ${c.dueAt} = 0 WHERE s.${c.id} = ?1 AND EXISTS (SELECT 1 ${covering})`,

    postpone: `UPDATE ${sessions} SET ${c.dueAt} = ?1 WHERE ${c.id} = ?2`,

    touch: `UPDATE ${sessions} AS s SET
        ${c.lag} = CASE WHEN ?2 > s.${c.lastSeenAt} THEN ?3 WHEN ?2 = s.${c.lastSeenAt} THEN min(s.${c.lag}, ?3) ELSE s.${c.lag} END,
        ${c.lastSeenAt} = max(s.${c.lastSeenAt}, ?2),
        ${c.confirmed} = s.${c.confirmed} OR s.${c.secretHash} IS ?4,
        ${c.secretHash} = CASE WHEN s.${c.secretHash} = ?5 THEN ?6 ELSE s.${c.secretHash} END
      WHERE s.${c.id} = ?1 AND s.${c.endedAt} IS NULL
        AND (s.${c.expiresAt} IS NULL OR s.${c.expiresAt} >= ?2)
        AND (s.${c.idleTimeout} IS NULL OR s.${c.lastSeenAt} + s.${c.lag} + s.${c.idleTimeout} >= ?2)
        AND NOT EXISTS (SELECT 1 ${covering})`,

    regenerate: `UPDATE ${sessions} SET ${c.previousHash} = ${c.secretHash}, ${c.secretHash} = ?1,
        ${c.regeneratedAt} = ?2, ${c.confirmed} = 0
      WHERE ${c.id} = ?3`,

    write: `UPDATE ${sessions} SET ${c.revision} = ?1, ${c.data} = ?2 WHERE ${c.id} = ?3`,

    end: `UPDATE ${sessions} SET ${c.endedAt} = ?1, ${c.endReason} = ?2, ${c.endedBy} = ?3 WHERE ${c.id} = ?4`,

    raise: `INSERT INTO ${watermarks} (scope, realm, subject, method, policy, at, reason, swept)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
      ON CONFLICT (scope) DO UPDATE SET
        at = excluded.at, reason = excluded.reason, swept = 0, swept_created_at = NULL, swept_id = NULL
      WHERE excluded.at > at`,

    purge: `DELETE FROM ${sessions} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${c.endedAt} < ?1 ORDER BY ${c.endedAt} LIMIT ?2
      )`,

    purgeOfSubject: `DELETE FROM ${sessions} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${c.realm} = ?3 AND ${c.subject} = ?4 AND ${c.endedAt} < ?1 LIMIT ?2
      )`,

    due: `WHERE s.${c.endedAt} IS NULL AND s.${c.dueAt} < ?1 ORDER BY s.${c.dueAt} LIMIT ?2`,

    unswept: `SELECT scope, realm, subject, at, swept_created_at, swept_id FROM ${watermarks} WHERE swept = 0 LIMIT 1`,

    noteSwept: `UPDATE ${watermarks} SET swept = ?1, swept_created_at = ?2, swept_id = ?3 WHERE scope = ?4`,

    purgeWatermarks: `DELETE FROM ${watermarks} WHERE rowid IN (
        SELECT rowid FROM ${watermarks} WHERE swept = 1 AND at < ?1 LIMIT ?2
      )`,
  } as const
}
