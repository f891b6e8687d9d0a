import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cached } from '../../../src/stores/cached.ts'
import { memory } from '../../../src/stores/memory.ts'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { counting } from '../../engine/around.ts'

test('P-19 a cache keeps at most maxEntries: what was not asked for lately goes first', async () => {
  const { store, calls } = counting(memory())
  const cache = cached(store, { timing: new FakeClock(start), maxEntries: 3 })
  await createAll(
    store,
    newSessions(4, (index) => ({ id: `s${index}`, createdAt: start })),
  )
  const finds = async (...ids: string[]): Promise<number> => {
    const before = calls['find'] ?? 0
    for (const id of ids) await cache.find(id)
    return (calls['find'] ?? 0) - before
  }
  assert.equal(await finds('s0', 's1', 's2'), 3)
  assert.equal(await finds('s0', 's2'), 0)
  assert.equal(await finds('s3'), 1)
  assert.equal(cache.kept.entries, 3)
  assert.equal(await finds('s0', 's2', 's3'), 0, 's1 went, which was not asked for again')
})

test('P-19 a cache takes at most maxBytes, and keeps nothing that is larger', async () => {
  const store = memory()
  const cache = cached(store, { timing: new FakeClock(start), maxBytes: 40_000 })
  const data = { note: 'x'.repeat(5_000) }
  await createAll(store, [
    ...Array.from({ length: 10 }, (_, index) => newSession({ id: `s${index}`, data })),
    newSession({ id: 'large', data: { note: 'x'.repeat(20_000) } }),
  ])
  for (let index = 0; index < 10; index++) await cache.find(`s${index}`)
  assert.ok(cache.kept.bytes <= 40_000)
  assert.equal(cache.kept.entries, 3)
  await cache.find('large')
  assert.equal(cache.kept.entries, 3)
  await cache.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
  assert.deepEqual(cache.kept, { entries: 0, bytes: 0 })
})

test('P-19 what has ended, or stands under a watermark, is not kept', async () => {
  const store = memory()
  const cache = cached(store, { timing: new FakeClock(start) })
  await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b', subject: 'u-2' })])
  await store.end({ realm: 'main', id: 'a' }, { at: start, reason: 'user_logout' })
  await store.voidBefore({ realm: 'main', subject: 'u-2' }, { at: start, reason: 'credential_changed' })
  for (const id of ['a', 'b', 'nobody']) await cache.find(id)
  assert.equal(cache.kept.entries, 0)
})

test('P-19 a cache over a store that answers at once answers at once', () => {
  for (const store of [memory(), sqlite(':memory:')]) {
    const cache = cached(store)
    assert.ok(!(cache.create(newSession({ id: 'a' })) instanceof Promise))
    const first = cache.find('a')
    assert.ok(!(first instanceof Promise))
    assert.equal(cache.find('a'), first, 'and makes nothing new')
    void cache.close?.()
  }
})

test('P-19 options of a cache are refused at construction, with their key path', () => {
  const refused: readonly [object, RegExp][] = [
    [{ staleness: 'soon' }, /^staleness: expected a duration such as '2s', at least 20ms, got "soon"/],
    [{ staleness: '19ms' }, /^staleness: /],
    [{ keepFor: -1 }, /^keepFor: /],
    [{ maxEntries: 1.5 }, /^maxEntries: expected a whole number/],
    [{ maxBytes: -1 }, /^maxBytes: /],
  ]
  for (const [options, message] of refused)
    assert.throws(() => cached(memory(), options), { code: 'invalid_option', message })
  assert.doesNotThrow(() => cached(memory(), { staleness: '20ms', maxEntries: 0 }))
  assert.throws(() => cached(cached(memory())), { code: 'invalid_option', message: /^store: / })
})
