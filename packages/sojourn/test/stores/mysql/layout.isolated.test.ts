import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createPool } from 'mysql2/promise'
import type { Pool, PoolOptions } from 'mysql2/promise'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import type { MysqlClient } from '../../../src/stores/mysql.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { storeAt } from '../store-at.ts'
import { useMariadb } from './use-mariadb.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../postgres/first-use-process.ts', import.meta.url))
const refusal = (message: RegExp) => ({ name: 'SessionError', code: 'invalid_option', message })

test('a client that is no pool, and names that are none, are refused', () => {
  assert.throws(() => mysql({} as MysqlClient), refusal(/^client: expected a pool of mysql2\/promise/))
  const client = { execute: () => {}, getConnection: () => {} } as unknown as MysqlClient
  const long = 'a'.repeat(45)
  for (const [tables, path] of [
    [{ sessions: 'a b' }, 'tables.sessions'],
    [{ sessions: long }, 'tables.sessions'],
    [{ leases: 'mysql_leases' }, 'tables.leases'],
  ] as const) {
    assert.throws(() => mysql(client, { tables }), refusal(new RegExp(`^${path}: `)))
  }
  assert.throws(() => mysql(client, { columns: { ip: 'x`' } }), refusal(/^columns\.ip: /))
})

describe('the layout in MariaDB', { skip: missing('mariadb') }, () => {
  const service = useMariadb()
  let made = 0

  /** Uses a database of its own. */
  async function withPool(use: (pool: Pool) => Promise<void>, options: PoolOptions = {}): Promise<void> {
    const pool = createPool({ uri: await service.server.newDatabase(`layout_${++made}`), ...options })
    try {
      await use(pool)
    } finally {
      await pool.end()
    }
  }
  const firstUse = async (store: Store): Promise<unknown> => await store.find('a')

  test('three processes that start at once on an empty database all find their tables', async () => {
    const url = await service.server.newDatabase('fresh')
    await Promise.all(['p', 'q', 'r'].map((name) => run(process.execPath, [script, url, name])))
    const store = await storeAt(url)
    try {
      for (const name of ['p', 'q', 'r']) assert.equal((await store.find(name))?.session.id, name)
    } finally {
      await store.close()
    }
  })

  test('a migration that was cut off goes on where it was, with the sessions there are', async () => {
    await withPool(async (pool) => {
      await createAll(mysql(pool), [newSession({ id: 'a', data: { kept: true } })])
      await pool.query('DROP PROCEDURE sojourn_sessions_sweep_1')
      await pool.query('UPDATE sojourn_layout SET version = 1')
      const store = mysql(pool)
      assert.deepEqual({ ...(await standing(store, 'a')).data }, { kept: true })
      assert.equal((await store.sweep(start, { limit: 1, purgeBefore: 0 })).purged, 0)
      await pool.query('DROP TABLE sojourn_leases')
      await pool.query('UPDATE sojourn_layout SET version = 0')
      assert.equal(await mysql(pool).lease('j', 'h', start, start), true)
    })
  })

  test('the layout of a later release is refused, with what to do; once it fits, the same store answers', async () => {
    await withPool(async (pool) => {
      await firstUse(mysql(pool))
      await pool.query('UPDATE sojourn_layout SET version = version + 90')
      const message = /has version \d+, and this release knows versions up to \d+\. Update sojourn/
      const store = mysql(pool)
      await assert.rejects(firstUse(store), { name: 'SessionError', code: 'store_unavailable', message })
      await pool.query('UPDATE sojourn_layout SET version = version - 90')
      assert.equal(await firstUse(store), undefined)
    })
  })

  test('a table of somebody else, and other column names than it was made with, are refused', async () => {
    await withPool(async (pool) => {
      await pool.query('CREATE TABLE sojourn_sessions (mine TEXT)')
      await assert.rejects(firstUse(mysql(pool)), refusal(/^tables\.sessions: /))
      await pool.query('DROP TABLE sojourn_sessions')
      await firstUse(mysql(pool))
      await assert.rejects(firstUse(mysql(pool, { columns: { ip: 'address' } })), refusal(/^columns\.ip: /))
    })
  })

  test('a pool that would lose letters or keep a stale view is refused', async () => {
    await withPool(
      async (pool) => {
        await assert.rejects(
          firstUse(mysql(pool)),
          refusal(/^client: expected a pool with the charset utf8mb4/),
        )
      },
      { charset: 'latin1' },
    )
    await withPool(async (pool) => {
      pool.pool.on('connection', (connection) => void connection.query('SET autocommit = 0'))
      await assert.rejects(firstUse(mysql(pool)), refusal(/^client: expected a pool with autocommit/))
    })
  })

  test('two sessions tables in one database keep apart, and texts are told apart byte by byte', async () => {
    await withPool(async (pool) => {
      const [one, other] = [mysql(pool), mysql(pool, { tables: { sessions: 'other' } })]
      await createAll(one, [
        newSession({ id: 'a', subject: 'é' }),
        newSession({ id: 'A', subject: 'É' }),
        newSession({ id: 'a ', subject: 'e' }),
      ])
      await other.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
      assert.equal(await other.find('a'), undefined)
      assert.equal((await one.find('a'))?.watermark, null)
      for (const subject of ['é', 'É', 'e']) {
        const { items } = await one.list({ realm: 'main', subject, at: start, state: 'live', limit: 10 })
        assert.deepEqual(
          items.map((session) => session.subject),
          [subject],
        )
      }
    })
  })

  test('what is too long for its column is refused, never cut, in a pool without strictness too', async () => {
    await withPool(async (pool) => {
      pool.pool.on('connection', (connection) => void connection.query("SET sql_mode = ''"))
      const store = mysql(pool)
      for (const field of ['id', 'subject', 'realm', 'family', 'parent'] as const) {
        const entry = newSession({ id: `long-${field}`, [field]: 'x'.repeat(257) })
        await assert.rejects(async () => await store.create(entry), {
          name: 'SessionError',
          code: 'invalid_data',
        })
        assert.equal(await store.find(entry.session.id), undefined)
      }
      const whole = newSession({
        id: '😀'.repeat(127),
        subject: '😀'.repeat(128),
        userAgent: '😀'.repeat(5_000),
      })
      await createAll(store, [whole])
      assert.deepEqual((await standing(store, whole.session.id)).session, whole.session)
    })
  })
})
