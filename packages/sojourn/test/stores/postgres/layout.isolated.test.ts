import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { migratePostgres, postgres } from '../../../src/stores/postgres.ts'
import { connectionOf } from '../../../src/stores/postgres-client.ts'
import { layout, type LayoutStep } from '../../../src/stores/postgres-layout.ts'
import { migrate } from '../../../src/stores/postgres-migrate.ts'
import { readPostgresNames } from '../../../src/stores/postgres-names.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { pgPool } from './clients.ts'
import { serving } from './serving.ts'

describe('the layout of postgres', { skip: missing('postgres') }, () => {
  const held = serving()
  const isValid = async (index: string): Promise<unknown> => {
    const { rows } = await held.pool.query<{ indisvalid: boolean }>(
      'SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)',
      [index],
    )
    return rows[0]?.indisvalid
  }

  test('a later step builds an index while requests go on, and again where it was cut short', async () => {
    const names = readPostgresNames({ schema: 'later' })
    const connection = connectionOf(held.pool, { prepare: false, deadline: 10_000 })
    await createAll(postgres(held.pool, { schema: 'later' }), [
      newSession({ id: 'a', ip: '192.0.2.1' }),
      newSession({ id: 'b', ip: '192.0.2.1' }),
    ])
    const indexed = (unique: string): readonly LayoutStep[] => [
      ...layout,
      {
        online: true,
        statements: () => [
          `CREATE ${unique}INDEX CONCURRENTLY IF NOT EXISTS "by_ip" ON "later"."sojourn_sessions" (ip)`,
        ],
      },
    ]
    // Two sessions with one address: a unique index fails halfway, and stays behind.
    await assert.rejects(migrate(connection, names, indexed('UNIQUE ')), { code: '23505' })
    assert.equal(await isValid('later.by_ip'), false)
    const reader = await held.pool.connect()
    try {
      // Somebody writes and has not committed: the table is not locked for long, and they are waited for.
      await reader.query('BEGIN')
      await reader.query(`UPDATE later.sojourn_sessions SET lag = 1 WHERE id = 'a'`)
      const migrating = migrate(connection, names, indexed(''))
      const store = postgres(held.pool, { schema: 'later' })
      assert.equal((await store.write('b', { set: {} }, { at: start })).status, 'written')
      assert.ok(await postgres(held.pool, { schema: 'later' }).find('a'))
      await reader.query('COMMIT')
      await migrating
    } finally {
      reader.release()
    }
    assert.equal(await isValid('later.by_ip'), true)
    // A node of the release before goes on, and may start again.
    assert.equal((await standing(postgres(held.pool, { schema: 'later' }), 'a')).session.id, 'a')
  })

  test('a step that breaks with what was is refused by the release before', async () => {
    const names = readPostgresNames({ schema: 'broken' })
    const connection = connectionOf(held.pool, { prepare: false, deadline: 10_000 })
    const steps: readonly LayoutStep[] = [...layout, { breaks: true, statements: () => ['SELECT 1'] }]
    await migrate(connection, names, steps)
    await assert.rejects(async () => await postgres(held.pool, { schema: 'broken' }).find('a'), {
      code: 'store_unavailable',
      message: /has version 2, and this release works with versions up to 1/,
    })
  })

  test('a step that cannot have its lock gives way to requests, and comes again', async () => {
    const names = readPostgresNames({ schema: 'locked' })
    const connection = connectionOf(held.pool, { prepare: false, deadline: 10_000 })
    const store = postgres(held.pool, { schema: 'locked' })
    await createAll(store, [newSession({ id: 'a' })])
    const holder = await held.pool.connect()
    let tries = 0
    const step: LayoutStep = {
      statements: () => {
        tries++
        return ['ALTER TABLE "locked"."sojourn_sessions" ADD COLUMN more text']
      },
    }
    try {
      await holder.query('BEGIN')
      await holder.query(`SELECT 1 FROM locked.sojourn_sessions`)
      const migrating = migrate(connection, names, [...layout, step])
      // It waits behind the step at most as long as the step waits for its lock.
      assert.ok(await store.find('a'))
      await holder.query('COMMIT')
      await migrating
    } finally {
      holder.release()
    }
    assert.equal(tries, 1)
    assert.ok(await store.find('a'))
  })

  test('migrate: false checks, and migratePostgres makes', async () => {
    const store = postgres(held.pool, { schema: 'apart', migrate: false })
    await assert.rejects(async () => await store.find('a'), {
      code: 'store_unavailable',
      message: /migratePostgres/,
    })
    await migratePostgres(held.pool, { schema: 'apart' })
    assert.equal(await store.find('a'), undefined)
  })

  test('a role that may only use the tables and the schema logs in, lists, ends and sweeps', async () => {
    const schema = 'used'
    await migratePostgres(held.pool, { schema })
    await held.pool.query(`CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA ${schema} TO plain;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO plain`)
    const { client, close } = pgPool(held.server.url.replace('//sojourn@', '//plain@'))
    try {
      const store = postgres(client, { schema, migrate: false })
      const limit = { most: 1, onExceed: 'evict' } as const
      await store.create(newSession({ id: 'a' }), { limit })
      await store.touch([{ id: 'a', at: start + 1, lag: 0, confirm: 'hash-of-a' }])
      await store.write('a', { set: { a: 1 } }, { at: start })
      await store.voidBefore({ realm: 'other' }, { at: start, reason: 'maintenance' })
      assert.equal(await store.lease('j', 'h', start, start), true)
      const query = { realm: 'main', at: start, state: 'live', limit: 10 } as const
      assert.equal((await store.list(query)).items.length, 1)
      assert.equal((await store.end({ realm: 'main' }, { at: start, reason: 'user_logout' })).length, 1)
      assert.equal((await store.sweep(start + 2, { limit: 10, purgeBefore: start + 2 })).purged, 1)
    } finally {
      await close()
    }
  })

  test('ROD-01 ROD-09 ROD-10 ROD-13 tables and columns have the names that were chosen', async () => {
    const options = {
      schema: 'Rodauth',
      tables: { sessions: 'account_active_session_keys' },
      columns: {
        id: 'session_id',
        subject: 'account_id',
        createdAt: 'created',
        lastSeenAt: 'last_use',
        revision: 'user',
      },
    } as const
    const store = postgres(held.pool, options)
    await createAll(store, [newSession({ id: 'a', subject: 'u-7' })])
    await store.touch([{ id: 'a', at: start + minute, lag: 0 }])
    await store.write('a', { set: { k: 1 } }, { at: start })
    const { rows } = await held.pool.query(
      `SELECT session_id, account_id, last_use, "user" FROM "Rodauth".account_active_session_keys`,
    )
    assert.deepEqual(rows, [
      { session_id: 'a', account_id: 'u-7', last_use: String(start + minute), user: '1' },
    ])
    await store.sweep(start, { limit: 10, purgeBefore: 0 })
    assert.equal(
      (await store.end({ realm: 'main', subject: 'u-7' }, { at: start, reason: 'maintenance' })).length,
      1,
    )
  })

  test('a table that is not of this store is not touched, and one with other columns is refused', async () => {
    await held.pool.query('CREATE SCHEMA taken; CREATE TABLE taken.mine (a text)')
    const mine = postgres(held.pool, { schema: 'taken', tables: { sessions: 'mine' } })
    await assert.rejects(async () => await mine.find('a'), {
      code: 'invalid_option',
      message: /^tables\.sessions: /,
    })
    await postgres(held.pool, { schema: 'taken' }).find('a')
    const other = postgres(held.pool, { schema: 'taken', columns: { lastSeenAt: 'last_use' } })
    await assert.rejects(async () => await other.find('a'), {
      code: 'invalid_option',
      message: /^columns\.lastSeenAt: /,
    })
  })

  test('two stores in one schema keep apart', async () => {
    const [first, second] = [{}, { tables: { sessions: 'other' } }].map((names) =>
      postgres(held.pool, { schema: 'shared', ...names }),
    )
    assert.ok(first !== undefined && second !== undefined)
    for (const store of [first, second]) await createAll(store, [newSession({ id: 'a' })])
    await first.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
    await first.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    assert.equal(await first.lease('sweep', 'a', start, start + minute), true)
    assert.equal(await second.lease('sweep', 'b', start, start + minute), true)
    const found = await standing(second, 'a')
    assert.deepEqual([found.session.endedAt, found.watermark], [null, null])
  })
})
