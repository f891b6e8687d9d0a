import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Progress } from './progress.ts'

const day = 86_400_000

/** The moment at which the table is as it was made. */
export const madeAt = Date.UTC(2026, 5, 1)
/** How long a live session may go unused: so long after `madeAt` the last of them is over. */
export const idle = 6 * day
/** How long ago the first session ended that is still kept. */
export const kept = 30 * day

/** Ended sessions for each live one. */
export const endedEach = 5
/** The subject of every seventh session, such as a program that logs in again and again. */
export const busySubject = 'u-busy'

/**
 * Fills the sessions table of the store, in the server: of six rows one lives and five have ended, evenly over the last 30 days.
 * The live were seen last within six days and expire evenly within the next six. Of the ended seven of ten timed out, and lost
 * what tells of a person after seven days, as a sweep would have done; one of ten is remembered. Twelve sessions a subject, and
 * one subject with a seventh of all. The indexes are those of the store, built when the rows are there.
 */
export async function fillLargeTable(pool: pg.Pool, live: number, progress: Progress): Promise<void> {
  const rows = live * (1 + endedEach)
  const { rows: indexes } = await pool.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE tablename = 'sojourn_sessions' AND indexname NOT LIKE '%pkey'`,
  )
  for (const { name } of indexes) await pool.query(`DROP INDEX "${name}"`)
  const batch = Math.ceil(rows / 30)
  const steps = 30 + indexes.length + 1
  let done = 0
  for (let from = 1; from <= rows; from += batch) {
    await pool.query(insertSessions, [from, Math.min(rows, from + batch - 1), rows, Math.ceil(rows / 12)])
    progress(++done, steps)
  }
  await pool.query(insertWatermarks)
  const builder = await pool.connect()
  try {
    await builder.query(`SET maintenance_work_mem = '512MB'`)
    for (const { definition } of indexes) {
      await builder.query(definition)
      progress(++done, steps)
    }
  } finally {
    builder.release()
  }
  await pool.query('VACUUM ANALYZE')
  await pool.query('CHECKPOINT')
  progress(steps, steps)
}

/** The id of the row that was made as such and such; every sixth lives. */
export function idOf(row: number): string {
  return createHash('sha256').update(`id${row}`).digest('base64url').slice(0, 22)
}

const digest = (label: string): string =>
  `translate(rtrim(encode(sha256(('${label}' || i)::bytea), 'base64'), '='), '+/', '-_')`

/** A number from 0 to 1 that a row has for itself. */
const chance = (prime: number): string => `(i * ${prime} % 1000003) / 1000003.0`

/** From row `$1` to `$2` of `$3` in all, with `$4` subjects. */
const insertSessions = `
  INSERT INTO sojourn_sessions (
    id, realm, subject, roles, method, amr, assurance, authenticated_at, factors, restored, created_at, activated_at,
    last_seen_at, lag, idle_timeout, expires_at, regenerated_at, policy, ip, user_agent, family, remembered_until, revision,
    ended_at, end_reason, secret_hash, confirmed, data, refresh_hash, refresh_expires_at, due_at
  )
  SELECT id, 'main', CASE WHEN i % 7 = 0 THEN '${busySubject}' ELSE 'u-' || i * 7919 % $4::bigint END,
    '["member"]', 'password', '["pwd"]', 1, created, jsonb_build_array(jsonb_build_object('amr', 'pwd', 'at', created)), 0,
    created, created, seen, 60000, ${idle}, created + ${30 * day}, created, 'a1b2c3d4e5f6',
    CASE WHEN detailed THEN '203.0.' || i % 256 || '.' || i / 256 % 256 END,
    CASE WHEN detailed THEN 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/'
      || 100 + i % 40 || '.0.0.0 Safari/537.36' END,
    CASE WHEN remembered THEN id END,
    CASE WHEN remembered AND (lives OR times_out) THEN created + ${60 * day} END,
    1, CASE WHEN NOT lives THEN over END,
    CASE WHEN lives THEN NULL WHEN times_out THEN 'idle_timeout' WHEN i % 3 = 0 THEN 'evicted_by_limit' ELSE 'user_logout' END,
    'p-name.' || ${digest('secret')}, 1,
    CASE WHEN detailed THEN jsonb_build_object('theme', '"dark"', 'cart', '["sku-' || i || '","sku-' || i + 1 || '"]', 'seen', i::text)
      ELSE '{}' END,
    CASE WHEN remembered AND (lives OR times_out) THEN 'p-name.' || ${digest('refresh')} END,
    CASE WHEN remembered AND (lives OR times_out) THEN created + ${60 * day} END,
    least(over, created + ${30 * day})
  FROM (
    SELECT *,
      CASE WHEN lives OR times_out THEN over - 60000 - ${idle} ELSE over - 60000 END AS seen,
      CASE WHEN lives THEN over - 60000 - ${idle} - (${chance(7919)} * ${20 * day})::bigint
        WHEN times_out THEN over - 60000 - ${idle} - (${chance(7919)} * ${2 * day})::bigint
        ELSE over - 60000 - (${chance(7919)} * ${6 * day})::bigint END AS created,
      lives OR over > ${madeAt - 7 * day} AS detailed
    FROM (
      SELECT i, left(${digest('id')}, 22) AS id, i % 6 = 0 AS lives, ${chance(104729)} < 0.7 AS times_out, i / 6 % 10 = 0 AS remembered,
        CASE WHEN i % 6 = 0 THEN ${madeAt} + ${idle} * i / $3::bigint ELSE ${madeAt} - ${kept} * ($3::bigint - i) / $3::bigint END AS over
      FROM generate_series($1::bigint, $2::bigint) i
    ) placed
  ) timed`

/** Those of a thousand subjects, older than any session, as changed passwords leave them behind. */
const insertWatermarks = `
  INSERT INTO sojourn_watermarks (scope, realm, subject, at, reason, swept)
  SELECT '["main","u-' || i || '",null,null]', 'main', 'u-' || i, ${madeAt - 60 * day}, 'credential_changed', 1
  FROM generate_series(1, 1000) i`
