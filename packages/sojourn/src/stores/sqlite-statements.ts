import { secretColumns, sessionColumns } from './sql-row.ts'
import type { ColumnName, Names } from './sqlite-names.ts'
import { hasDetails, isOver, overSince } from './sqlite-retention.ts'

/** The statements of a store under its names. `?1` and so on are values, in the order in which they are handed in. */
export function statementsOf(names: Names) {
  const { sessions, watermarks, leases, c } = names
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

  /** Sets until when a session can be restored; where it no longer can, its refresh token goes. */
  const rememberedUntil = (value: string): string => {
    const kept = (column: string): string => `${column} = iif(${value} IS NULL, NULL, ${column})`
    return `${c.rememberedUntil} = ${value}, ${kept(c.refreshHash)}, ${kept(c.refreshExpiresAt)}`
  }
  const ofSubject = `${c.realm} = ?3 AND ${c.subject} = ?4`
  const ofRealm = `${c.realm} = ?3`
  const dead = `${c.endedAt} IS NOT NULL AND ${c.rememberedUntil} < ?1`
  const past = `${isOver(c)} AND ${overSince(c)} < ?1`
  const noDetails = `${c.ip} = NULL, ${c.userAgent} = NULL, ${c.fingerprint} = NULL, ${c.data} = '{}'`
  const watermark = 'scope, realm, subject, method, policy, at, swept_created_at, swept_id'

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

    end: `UPDATE ${sessions} SET ${c.endedAt} = ?1, ${c.endReason} = ?2, ${c.endedBy} = ?3, ${rememberedUntil('?5')}
      WHERE ${c.id} = ?4`,

    forget: `UPDATE ${sessions} SET ${rememberedUntil('NULL')} WHERE ${c.id} = ?1`,

    /** Each realm by one step in the index. */
    realms: `WITH RECURSIVE r (realm) AS (
        SELECT min(${c.realm}) FROM ${sessions}
        UNION ALL
        SELECT (SELECT min(${c.realm}) FROM ${sessions} WHERE ${c.realm} > r.realm) FROM r WHERE r.realm IS NOT NULL
      )
      SELECT realm FROM r WHERE realm IS NOT NULL`,

    /** Completed by what comes after the `WHERE`. */
    forgetThese: `UPDATE ${sessions} SET ${rememberedUntil('NULL')}`,

    spend: `UPDATE ${sessions} SET ${c.rememberedUntil} = NULL, ${c.refreshUsedAt} = ?1, ${c.refreshSuccessor} = ?2,
        ${c.endedAt} = ?3, ${c.endReason} = ?4, ${c.endedBy} = ?5
      WHERE ${c.id} = ?6`,

    elevate: `UPDATE ${sessions} SET ${c.assurance} = ?1, ${c.amr} = ?2, ${c.authenticatedAt} = ?3, ${c.factors} = ?4,
        ${c.restored} = ?5, ${c.expiresAt} = ?6, ${c.dueAt} = ?7
      WHERE ${c.id} = ?8`,

    below: `WHERE s.${c.parent} IN (SELECT value FROM json_each(?1)) ORDER BY s.${c.id}`,

    ofFamily: `WHERE +s.${c.realm} = ?1 AND s.${c.family} = ?2`,

    moveBelow: `UPDATE ${sessions} SET ${c.parent} = ?2 WHERE ${c.parent} = ?1 AND ${c.id} NOT IN (?1, ?2)`,

    lease: `INSERT INTO ${leases} VALUES (?1, ?2, ?4)
      ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE holder = excluded.holder OR until < ?3`,

    raise: `INSERT INTO ${watermarks} (scope, realm, subject, method, policy, at, reason, swept)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
      ON CONFLICT (scope) DO UPDATE SET
        at = excluded.at, reason = excluded.reason, swept = 0, swept_created_at = NULL, swept_id = NULL
      WHERE excluded.at > at`,

    forgetDead: `UPDATE ${sessions} SET ${rememberedUntil('NULL')} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofRealm} AND ${dead} ORDER BY ${c.rememberedUntil} LIMIT ?2
      )`,

    forgetDeadOfSubject: `UPDATE ${sessions} SET ${rememberedUntil('NULL')} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofSubject} AND ${dead} LIMIT ?2
      )`,

    purge: `DELETE FROM ${sessions} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofRealm} AND ${past} ORDER BY ${overSince(c)} LIMIT ?2
      )`,

    purgeOfSubject: `DELETE FROM ${sessions} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofSubject} AND ${past} LIMIT ?2
      )`,

    minimise: `UPDATE ${sessions} SET ${noDetails} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofRealm} AND ${past} AND ${hasDetails(c)} ORDER BY ${overSince(c)} LIMIT ?2
      )`,

    minimiseOfSubject: `UPDATE ${sessions} SET ${noDetails} WHERE rowid IN (
        SELECT rowid FROM ${sessions} WHERE ${ofSubject} AND ${past} AND ${hasDetails(c)} LIMIT ?2
      )`,

    due: `WHERE s.${c.realm} = ?3 AND s.${c.endedAt} IS NULL AND s.${c.dueAt} < ?1 ORDER BY s.${c.dueAt} LIMIT ?2`,

    unswept: `SELECT ${watermark} FROM ${watermarks} WHERE swept = 0 AND (?1 IS NULL OR realm = ?1) ORDER BY at LIMIT 1`,

    noteSwept: `UPDATE ${watermarks} SET swept = ?1, swept_created_at = ?2, swept_id = ?3 WHERE scope = ?4`,

    retiring: `SELECT ${watermark} FROM ${watermarks} WHERE swept = 1 AND at < ?1 AND (?3 IS NULL OR realm = ?3) LIMIT ?2`,

    drop: `DELETE FROM ${watermarks} WHERE scope = ?1`,
  } as const
}
