import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import pg from 'pg'
import { missing } from '../../../test/services/programs.ts'
import { startPostgres } from '../../../test/services/postgres.ts'
import { startRedis } from '../../../test/services/redis.ts'

const skip = missing('postgres') || missing('redis')

/**
 * The tests whose servers stand where the run says. Those that start several processes choose for themselves; those of open
 * streams move their clock while a look at the session is under way, which an hour's leap makes a store that does not answer.
 */
const others = /\.isolated\.|round-robin|^live\//
const files = globSync('**/*.test.ts', { cwd: import.meta.dirname })
  .filter((path) => !others.test(path))
  .map((path) => join(import.meta.dirname, path))
  .filter((path) => /a-server|a-settings-page|mail-server|-server\.ts/.test(readFileSync(path, 'utf8')))

/** What a requirement names. The rest is about pages and words, which know of no database. */
const named = String.raw`/(?:^|[\s:])(?:AUR|SLI|JAD|PCA|ROD|R|A|P)-\d\d/`

test(
  'every numbered behaviour of the server holds over PostgreSQL and Redis, as it does embedded',
  { skip, timeout: 400_000 },
  async (t) => {
    const [postgres, redis] = await Promise.all([startPostgres(['max_connections=300']), startRedis()])
    t.after(() => Promise.all([postgres.stop(), redis.stop()]))
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    // One process for all: most of what a file takes is to be loaded.
    const how = ['--test', '--test-reporter=tap', '--test-isolation=none', '--test-force-exit']
    const run = spawn(process.execPath, [...how, `--test-name-pattern=${named}`, ...files], {
      env: { ...env, SOJOURN_TEST_POSTGRES: postgres.url, SOJOURN_TEST_REDIS: redis.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => run.kill('SIGKILL'))
    const [said] = await Promise.all([text(run.stdout), once(run, 'close')])
    const failed = said.match(/^not ok .*(?:\n {2}.*)*/gm) ?? []
    assert.equal(run.exitCode, 0, failed.join('\n'))
    const passed = Number(/^# pass (\d+)/m.exec(said)?.[1])
    assert.ok(passed > 200, `${passed} tests ran`)
    assert.ok((await databasesOf(postgres.url)) > passed / 2, 'their servers kept their people in PostgreSQL')
    t.diagnostic(`${passed} tests`)
  },
)

async function databasesOf(url: string): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ count: string }>(
    "select count(*) from pg_database where datname like 'test\\_%'",
  )
  await client.end()
  return Number(rows[0]?.count)
}
