import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { temporaryFile } from './temporary.ts'

/** Every plan of every statement that the store prepared while `use` ran. */
async function plansOf(use: (store: ReturnType<typeof sqlite>) => Promise<void>): Promise<readonly string[]> {
  const db = new DatabaseSync(':memory:')
  const texts = new Set<string>()
  const prepare = db.prepare.bind(db)
  db.prepare = (sql) => {
    texts.add(sql)
    return prepare(sql)
  }
  await use(sqlite(db))
  const explained = [...texts].filter((sql) => /sojourn_(sessions|watermarks)"/.test(sql))
  return explained.flatMap((sql) => {
    return prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => `${String(detail)}  <-  ${sql}`)
  })
}

const noScan = (plan: string): boolean =>
  /^SCAN (s\b|sojourn_sessions)/.test(plan) && !/USING (COVERING )?INDEX/.test(plan)

test('P-13 no statement reads the whole table of sessions', async () => {
  const realm = 'main'
  const filters = [
    { id: 'a' },
    { subject: 'u-1' },
    { subject: null },
    { family: 'f' },
    { parent: 'p' },
    { actor: 'a' },
    { method: 'm', ip: 'i' },
    {},
  ]
  const plans = await plansOf(async (store) => {
    const limit = { most: 1, onExceed: 'evict' } as const
    await createAll(
      store,
      [newSession({ id: 'a' }), newSession({ id: 'b' }), newSession({ id: 'g', subject: null })],
      { limit },
    )
    await store.upgrade('g', newSession(), { ifRevision: 0, limit })
    await store.find('a')
    await store.touch([{ id: 'a', at: start, lag: 0 }])
    await store.regenerate('b', 'hash-of-b', 'next', start)
    await store.write('b', { set: { a: 1 } }, { at: start })
    await store.voidBefore({ realm, subject: 'u-1' }, { at: start, reason: 'maintenance' })
    await store.voidBefore({ realm }, { at: start - 1, reason: 'maintenance' })
    for (const filter of filters) {
      for (const state of ['live', 'ended', 'restorable', 'any'] as const) {
        await store.list({ realm, at: start, state, limit: 10, ...filter })
        await store.list({ realm, at: start, state, limit: 10, ...filter, cursor: `${start}.a` })
      }
      await store.end({ realm, ...filter }, { at: start, reason: 'maintenance' })
    }
    const sweep = { limit: 10, purgeBefore: start, minimiseBefore: start }
    await store.sweep(start, sweep)
    await store.sweep(start, { ...sweep, realm })
    await store.sweep(start, { ...sweep, of: { realm, subject: 'u-1' } })
    await createAll(store, [newSession({ id: 'r', family: 'f', rememberedUntil: start + 9 })])
    for (const at of [start, start + 1]) {
      const to = newSession({ id: 'r+', family: 'f', createdAt: at })
      await store.restore?.('r', 'refresh-of-r', to, { at, grace: 0, limit })
      await store.touch([{ id: 'r+', at, lag: 0, confirm: 'hash-of-r+' }])
    }
    await store.lease('sweep', 'a', start, start)
  })
  assert.ok(plans.length > 80, `only ${plans.length} steps were planned`)
  assert.deepEqual(plans.filter(noScan), [])
  assert.deepEqual(
    plans.filter((plan) => /^SCAN [svw]\b/.test(plan)),
    [],
  )
})

test('P-13 lists come in the order of an index; only a family, a parent or an actor, which have few, are sorted', async () => {
  const plans = await plansOf(async (store) => {
    for (const state of ['live', 'ended', 'restorable', 'any'] as const) {
      for (const filter of [{}, { subject: 'u-1' }, { ip: 'i' }]) {
        await store.list({ realm: 'main', at: start, state, limit: 10, cursor: `${start}.a`, ...filter })
      }
    }
  })
  const sorted = plans.filter(
    (plan) =>
      plan.startsWith('USE TEMP B-TREE') && !plan.includes('EXISTS (SELECT 1 FROM "sojourn_watermarks")'),
  )
  assert.deepEqual(sorted, [])
})

test('a family, a parent and an actor are found by their own index, not by going through the realm', async () => {
  for (const [filter, index] of [
    [{ family: 'f' }, 'by_family'],
    [{ parent: 'p' }, 'by_parent'],
    [{ actor: 'a' }, 'by_actor'],
  ] as const) {
    for (const state of ['live', 'ended', 'restorable', 'any'] as const) {
      const plans = await plansOf(async (store) => {
        await store.list({ realm: 'main', at: start, state, limit: 10, ...filter })
      })
      const search = plans.find((plan) => plan.startsWith('SEARCH s ') && plan.includes(' LIMIT ?'))
      assert.match(search ?? '', new RegExp(`^SEARCH s USING INDEX sojourn_sessions_${index} `))
    }
  }
})

test('SLI-27 a sweep finds what it changes by indexes of just that, so that it reads nothing again and again', async () => {
  const plans = await plansOf(async (store) => {
    await store.sweep(start, { limit: 10, purgeBefore: start, minimiseBefore: start, realm: 'main' })
  })
  for (const [statement, index] of [
    [/<- {2}DELETE FROM "sojourn_sessions"/, 'over'],
    [/<- {2}UPDATE "sojourn_sessions" SET "ip" = NULL/, 'detailed'],
    [/<- {2}UPDATE "sojourn_sessions" SET "remembered_until" = NULL/, 'restorable'],
  ] as const) {
    const steps = plans.filter((plan) => statement.test(plan)).join('\n')
    assert.match(steps, new RegExp(`^SEARCH sojourn_sessions USING INDEX sojourn_sessions_${index} `, 'm'))
    assert.doesNotMatch(steps, /^(SCAN|USE TEMP)/m)
  }
})

test('P-05 no index mentions what a touch changes', () => {
  const db = new DatabaseSync(':memory:')
  sqlite(db)
  const indexes = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all()
  assert.ok(indexes.length >= 8)
  for (const { sql } of indexes) assert.doesNotMatch(String(sql), /last_seen_at|"lag"|confirmed|secret_hash/)
})

test('SLI-27 a sweep looks at each live session about once in its idle time, however often it is seen', async () => {
  const db = new DatabaseSync(':memory:')
  const store = sqlite(db)
  await createAll(store, [newSession({ id: 'a', idleTimeout: 1000, expiresAt: null })])
  const moves = new Set<unknown>()
  for (let at = start; at <= start + 10_000; at += 10) {
    await store.touch([{ id: 'a', at, lag: 0 }])
    await store.sweep(at, { limit: 10, purgeBefore: 0 })
    moves.add(db.prepare('SELECT due_at FROM sojourn_sessions').get()?.due_at)
  }
  assert.equal((await standing(store, 'a')).session.endedAt, null)
  assert.ok(moves.size >= 9 && moves.size <= 11, `due_at was moved ${moves.size - 1} times in 10 idle times`)
})

test('an older layout is brought forward, with its sessions, in one transaction', async (context) => {
  const path = temporaryFile(context)
  const first = sqlite(path)
  await createAll(first, [newSession({ id: 'a', data: { kept: true } })])
  await first.close?.()
  const db = new DatabaseSync(path)
  for (const table of ['watermarks', 'leases', 'changes']) db.exec(`DROP TABLE sojourn_${table}`)
  db.exec('UPDATE sojourn_layout SET version = 1')
  db.close()
  const store = sqlite(path)
  context.after(() => store.close?.())
  assert.deepEqual({ ...(await standing(store, 'a')).data }, { kept: true })
  await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  assert.equal((await standing(store, 'a')).watermark?.reason, 'maintenance')
})

test('a migration that fails changes nothing', (context) => {
  const path = temporaryFile(context)
  const db = new DatabaseSync(path)
  context.after(() => db.close())
  // The second step meets a table of its name.
  db.exec('CREATE TABLE sojourn_watermarks (mine TEXT)')
  assert.throws(() => sqlite(path), {
    name: 'SessionError',
    code: 'store_unavailable',
    message: /already exists/,
  })
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['sojourn_watermarks'],
  )
})

test('the layout of a later release is refused, with what to do', async (context) => {
  const path = temporaryFile(context)
  await sqlite(path).close?.()
  const db = new DatabaseSync(path)
  db.exec('UPDATE sojourn_layout SET version = 99')
  db.close()
  const message = /has version 99, and this release knows versions up to \d+\. Update sojourn/
  assert.throws(() => sqlite(path), { name: 'SessionError', code: 'store_unavailable', message })
})
