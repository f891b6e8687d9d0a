import type pg from 'pg'
import { day, hour, minute, start } from '../../../src/testing/fixtures.ts'

/** How many sessions a large table holds, and how many watermarks and changes. */
export const rows = 60_000
/** How many of them are a rush of logins, all of which live: what has ended begins below them. */
const rush = 3_000

/**
 * Fills the tables of a schema in the server: `s-1` and on, three a subject. Of ten sessions four live until the end of the day, one
 * is due, one ended and can be restored, four have ended; one of them has a family, a parent, an actor. The newest all live.
 */
export async function fillTables(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(`
    INSERT INTO "${schema}".sojourn_sessions (
      id, realm, subject, roles, method, amr, assurance, factors, restored, created_at, activated_at, last_seen_at, lag, idle_timeout,
      expires_at, regenerated_at, policy, ip, user_agent, family, remembered_until, parent, actor, revision, ended_at, end_reason,
      secret_hash, confirmed, data, refresh_hash, refresh_expires_at, due_at
    )
    SELECT 's-' || i, 'main', 'u-' || i / 3, '["member"]', 'password', '["pwd"]', 1, '[]', 0, made, made, made, 0,
      CASE WHEN k < 4 THEN ${day} ELSE ${30 * minute} END, made + ${2 * day}, made, 'test', '203.0.113.7', 'Firefox',
      CASE WHEN k IN (5, 6) THEN 'f-' || i / 10 END,
      CASE WHEN k = 5 THEN made + ${30 * day} END,
      CASE WHEN k = 7 THEN 's-' || i / 10 END,
      CASE WHEN k = 8 THEN 'a-' || i / 10 END,
      0,
      CASE WHEN k >= 5 THEN made + ${30 * minute} END,
      CASE WHEN k = 5 THEN 'idle_timeout' WHEN k > 5 THEN 'user_logout' END,
      'hash-' || i, 1, '{"a": "1"}',
      CASE WHEN k = 5 THEN 'refresh-' || i END,
      CASE WHEN k = 5 THEN made + ${30 * day} END,
      CASE WHEN k < 4 THEN made + ${day} ELSE made + ${30 * minute} END
    FROM (SELECT i, CASE WHEN i > ${rows - rush} THEN 0 ELSE i % 10 END AS k, ${start}::bigint + i AS made FROM generate_series(1, ${rows}) i) made`)
  await pool.query(`
    INSERT INTO "${schema}".sojourn_watermarks (scope, realm, subject, at, reason, swept)
    SELECT '["main","w-' || i || '",null,null]', 'main', 'w-' || i, ${start - hour}, 'account_disabled', 1
    FROM generate_series(1, ${rows}) i`)
  await pool.query(`
    INSERT INTO "${schema}".sojourn_changes (change)
    SELECT '{"kind":"changed","id":"s-' || i || '"}' FROM generate_series(1, ${rows}) i`)
  for (const table of ['sessions', 'watermarks', 'changes'])
    await pool.query(`VACUUM ANALYZE "${schema}".sojourn_${table}`)
}
