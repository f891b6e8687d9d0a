import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { postgres, type PostgresClient } from '../../../src/stores/postgres.ts'
import { hour, minute, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { inFreshSchema } from './schemas.ts'
import { serving } from './serving.ts'

const end = { at: start, reason: 'user_logout' } as const
const remembered = { family: 'f', rememberedUntil: start + hour, subject: 'u-3' }
const limit = { most: 1, onExceed: 'evict' } as const

const verbs: { readonly [verb: string]: (store: Store) => unknown } = {
  create: (store) => store.create(newSession(), { limit }),
  find: (store) => store.find('a'),
  touch: (store) => store.touch(newSessions(50).map(({ session: { id } }) => ({ id, at: start, lag: 0 }))),
  upgrade: (store) => store.upgrade('guest', newSession({ subject: 'u-2' }), { ifRevision: 0 }),
  regenerate: (store) => store.regenerate('a', 'hash-of-a', 'b', start),
  write: (store) => store.write('a', { set: { a: 1 }, add: { b: 1 } }, { at: start }),
  restore: (store) =>
    store.restore?.('r', 'refresh-of-r', newSession(remembered), { at: start, grace: 0, limit }),
  end: (store) => store.end({ realm: 'main', subject: 'u-1' }, end),
  voidBefore: (store) => store.voidBefore({ realm: 'main' }, end),
  list: (store) => store.list({ realm: 'main', at: start, state: 'any', limit: 100 }),
  sweep: (store) => store.sweep(start + minute, { limit: 100, purgeBefore: start }),
  lease: (store) => store.lease('j', 'h', start, start + 1),
  'changes from now': (store) => store.changes?.(null, 10),
}

describe('postgres over the wire', { skip: missing('postgres') }, () => {
  const held = serving()

  test('P-18 each verb is one round trip', async () => {
    const sent: string[] = []
    const client: PostgresClient = {
      connect: () => held.pool.connect(),
      query: (query) => {
        sent.push(query.text)
        return held.pool.query(query)
      },
    }
    const store = postgres(client, { schema: 'trips' })
    await createAll(store, [
      newSession({ id: 'a' }),
      newSession({ id: 'guest', subject: null }),
      newSession({ ...remembered, id: 'r' }),
    ])
    for (const [verb, call] of Object.entries(verbs)) {
      sent.length = 0
      await call(store)
      assert.equal(sent.length, 1, verb)
    }
    const cursor = (await store.changes?.(null, 10))?.cursor ?? null
    sent.length = 0
    await store.changes?.(cursor, 10)
    assert.equal(sent.length, 1, 'changes')
  })

  test('a touch and a write change the row alone, and no index', async () => {
    const { schema, store } = inFreshSchema(held.pool)
    await createAll(
      store,
      newSessions(20, (n) => ({ id: `t-${n}`, family: 'f', rememberedUntil: start + hour })),
    )
    const updates = async (): Promise<readonly number[]> => {
      await held.pool.query('SELECT pg_stat_force_next_flush()')
      const { rows } = await held.pool.query<{ all: string; hot: string }>(
        `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables
          WHERE schemaname = $1 AND relname = 'sojourn_sessions'`,
        [schema],
      )
      return [Number(rows[0]?.all), Number(rows[0]?.hot)]
    }
    const one = await held.pool.connect()
    try {
      // The count of a connection is told when it is asked to, and each test has one to itself.
      const own = postgres(
        { connect: () => held.pool.connect(), query: (query) => one.query(query) },
        { schema },
      )
      for (let n = 0; n < 20; n++) {
        await own.touch([{ id: `t-${n}`, at: start + 5, lag: 3, confirm: `hash-of-t-${n}` }])
        await own.write(`t-${n}`, { set: { a: n } }, { at: start })
      }
      await one.query('SELECT pg_stat_force_next_flush()')
      await one.query('SELECT 1')
      assert.deepEqual(await updates(), [40, 40])
    } finally {
      one.release()
    }
  })
})
