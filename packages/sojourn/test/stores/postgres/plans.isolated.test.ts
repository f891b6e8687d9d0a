import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type pg from 'pg'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { feedMost } from '../../../src/stores/feed.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { day, hour, newSession, start } from '../../../src/testing/fixtures.ts'
import { pgPool } from './clients.ts'
import { explaining, type Read, readsOf } from './explained.ts'
import { fillTables, rows } from './large-table.ts'

const at = start + hour
const limit = { most: 2, onExceed: 'evict' } as const
const page = { realm: 'main', at, limit: 20 } as const
const end = { at, reason: 'user_logout' } as const
const token = { realm: 'main', subject: 'u-6', family: 'f-2' } as const
const remembered = { ...token, createdAt: at, rememberedUntil: at + day }
const deep = { cursor: `${start + rows / 2}.s-1` }

/** Everything that a store can be asked, on a large table. */
const asked: { readonly [what: string]: (store: Store) => unknown } = {
  find: (store) => store.find('s-10'),
  create: (store) => store.create(newSession({ id: 'n-1', subject: 'u-9', createdAt: at })),
  'create with a limit': (store) =>
    store.create(newSession({ id: 'n-2', subject: 'u-7', createdAt: at }), { limit }),
  'create with a refusal': (store) =>
    store.create(newSession({ id: 'n-3', subject: 'u-7' }), { limit: { most: 1, onExceed: 'refuse' } }),
  'create that replaces': (store) =>
    store.create(newSession({ id: 'n-4', subject: 'u-8' }), {
      replaces: { id: 's-30', reason: 'replaced_at_login' },
    }),
  upgrade: async (store) => {
    await store.create(newSession({ id: 'g-1', subject: null, createdAt: at }))
    await store.upgrade('g-1', newSession({ id: 'g-2', subject: 'u-17', createdAt: at }), {
      limit,
      ifRevision: 0,
    })
  },
  'upgrade in place': async (store) => {
    await store.create(newSession({ id: 'g-3', subject: null, createdAt: at }))
    await store.upgrade('g-3', newSession({ id: 'g-3', subject: 'u-27', createdAt: at }), {
      limit,
      ifRevision: 0,
    })
  },
  touch: (store) => store.touch([1, 11, 21].map((n) => ({ id: `s-${n}`, at, lag: 0, confirm: 'hash-1' }))),
  regenerate: (store) => store.regenerate('s-1', 'hash-1', 'next', at),
  write: (store) => store.write('s-1', { set: { a: 1 }, add: { n: 1 } }, { at }),
  restore: (store) =>
    store.restore?.('s-25', 'refresh-25', newSession({ ...remembered, id: 'r-1', subject: 'u-8' }), {
      at,
      grace: 0,
      limit,
    }),
  'restore a copy': (store) =>
    store.restore?.('s-25', 'refresh-25', newSession({ ...remembered, id: 'r-1' }), {
      at: at + day,
      grace: 0,
    }),
  'end by id': (store) => store.end({ realm: 'main', id: 's-41' }, end),
  'end by subject': (store) => store.end({ realm: 'main', subject: 'u-40', except: 's-120' }, end),
  'end by family': (store) => store.end({ realm: 'main', family: 'f-50' }, end),
  'end by parent': (store) => store.end({ realm: 'main', parent: 's-60' }, end),
  'end by actor': (store) => store.end({ realm: 'main', actor: 'a-70' }, end),
  voidBefore: (store) =>
    store.voidBefore({ realm: 'main', subject: 'u-90' }, { at: start, reason: 'maintenance' }),
  lease: (store) => store.lease('job', 'a', at, at + 1),
  changes: async (store) => {
    const from = await store.changes?.(null, 10)
    await store.end({ realm: 'main', id: 's-91' }, end)
    assert.equal((await store.changes?.(from?.cursor ?? null, 10))?.changes.length, 1)
  },
  'list live': (store) => store.list({ ...page, state: 'live' }),
  'list live, deep': (store) => store.list({ ...page, ...deep, state: 'live' }),
  'list ended': (store) => store.list({ ...page, state: 'ended' }),
  'list ended, deep': (store) => store.list({ ...page, ...deep, state: 'ended' }),
  'list any': (store) => store.list({ ...page, ...deep, state: 'any' }),
  'list restorable': (store) => store.list({ ...page, state: 'restorable' }),
  'list live of a subject': (store) => store.list({ ...page, subject: 'u-10', state: 'live' }),
  'list any of a subject': (store) => store.list({ ...page, subject: 'u-10', state: 'any' }),
  'list of a family': (store) => store.list({ ...page, family: 'f-10', state: 'any' }),
  'list below a parent': (store) => store.list({ ...page, parent: 's-10', state: 'any' }),
  'list of an actor': (store) => store.list({ ...page, actor: 'a-10', state: 'any' }),
  'sweep of a subject': (store) =>
    store.sweep(at, { limit: 50, purgeBefore: start + hour, of: { realm: 'main', subject: 'u-80' } }),
  'sweep of a realm': (store) =>
    store.sweep(at, { limit: 50, purgeBefore: start + hour, minimiseBefore: start + hour, realm: 'main' }),
  'sweep of all': (store) =>
    store.sweep(at, { limit: 50, purgeBefore: start + hour, minimiseBefore: start + hour }),
  'sweep under a watermark': async (store) => {
    await store.voidBefore({ realm: 'main' }, { at: start + 100, reason: 'maintenance' })
    await store.sweep(start + 1, { limit: 50, purgeBefore: 0 })
  },
}

describe(`P-18 plans on a table of ${rows} sessions`, { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  let pool: pg.Pool
  let store: Store
  let reads: Read[] = []

  before(async () => {
    server = await startPostgres()
    pool = pgPool(server.url, 1).client
    await postgres(pool, { schema: 'large' }).find('nobody')
    await fillTables(pool, 'large')
    const client = await pool.connect()
    client.on('notice', ({ message }) => void reads.push(...readsOf(message ?? '')))
    await explaining(client)
    client.release()
    store = postgres(pool, { schema: 'large' })
    await store.find('nobody')
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })

  for (const [what, ask] of Object.entries(asked)) {
    test(`${what} reads no table from its beginning to its end`, async () => {
      reads = []
      await ask(store)
      const ours = reads.filter(({ table }) => table.startsWith('sojourn_') && table !== 'sojourn_layout')
      assert.ok(ours.length > 0, 'nothing was explained')
      for (const { table, by, rows, query } of ours) {
        assert.notEqual(by, 'Seq Scan', `${table} is read whole by ${query}`)
        // A sweep removes more of the feed than of anything else.
        assert.ok(
          rows <= (table === 'sojourn_changes' ? feedMost + 1 : 1_000),
          `${rows} rows of ${table} are read by ${query}`,
        )
      }
    })
  }
})
