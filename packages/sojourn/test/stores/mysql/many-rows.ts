import type { Pool, RowDataPacket } from 'mysql2/promise'
import { minute, start } from '../../../src/testing/fixtures.ts'

/**
 * Rows that the server makes: of each hundred 20 are live, 10 restorable and 70 over, in two realms, of one subject for each ten;
 * every tenth stands below the one before it.
 */
export async function makeRows(pool: Pool, count: number): Promise<void> {
  const ended = `n % 100 >= 20`
  const kept = `n % 100 >= 20 AND n % 100 < 30`
  await pool.query(`INSERT INTO sojourn_sessions
    (id, realm, subject, roles, method, amr, assurance, authenticated_at, factors, restored, created_at, activated_at,
      last_seen_at, lag, idle_timeout, expires_at, regenerated_at, policy, ip, user_agent, family, remembered_until, parent,
      revision, ended_at, end_reason, secret_hash, confirmed, data, refresh_hash, refresh_expires_at, due_at)
    SELECT CONCAT('row-', n), IF(n % 2 = 0, 'main', 'other'), IF(n % 10 IN (1, 4), NULL, CONCAT('u-', n DIV 10)), '[]', 'password', '[]', 1,
      ${start}, '[]', 0, ${start} + n, ${start} + n, ${start} + n, 0, ${30 * minute}, NULL, ${start}, 'test', '192.0.2.1', 'ua',
      CONCAT('f-', n DIV 3), IF(${kept}, ${start} + 1000000000 + n, NULL), IF(n % 10 = 0, CONCAT('row-', n - 1), NULL), 0,
      IF(${ended}, ${start} + n, NULL), IF(${ended}, 'idle_timeout', NULL), 'hash', 1, '{}',
      IF(${kept}, CONCAT('refresh-', n), NULL), IF(${kept}, ${start} + 1000000000 + n, NULL), ${start} + n + ${30 * minute}
    FROM (SELECT d1.n + 10 * d2.n + 100 * d3.n + 1000 * d4.n + 10000 * d5.n AS n FROM ${digits('d1')}, ${digits('d2')},
      ${digits('d3')}, ${digits('d4')}, ${digits('d5')}) numbers WHERE n < ${count}`)
  await pool.query('ANALYZE TABLE sojourn_sessions')
}

/** How many rows a connection has read so far, by whatever index; a pool of one connection has one. */
export async function rowsRead(pool: Pool): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>(`SHOW SESSION STATUS LIKE 'Handler_read%'`)
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0)
}

function digits(name: string): string {
  return `(${Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ')}) ${name}`
}
