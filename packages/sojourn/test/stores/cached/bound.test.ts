import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/core/store.ts'
import { cached, type CachedOptions } from '../../../src/stores/cached.ts'
import { memory } from '../../../src/stores/memory.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { hour, minute, newSession, second, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { counting } from '../../engine/around.ts'
import { plain } from './plain.ts'

const ended = { at: start, reason: 'admin_revoked' } as const

/** A store with a session `a`, a cache of it whose feed can be cut, and what the store was asked. */
async function aCache(options: CachedOptions & { feed?: 'cut' } = {}) {
  const { feed, ...rest } = options
  const timing = new FakeClock(start)
  const store = memory()
  await createAll(store, [newSession({ id: 'a', idleTimeout: null, expiresAt: null })])
  const line = { cut: feed === 'cut' }
  const behind: Store = {
    ...plain(store),
    changes: (after, limit) => {
      if (line.cut) throw new Error('the feed is cut')
      return store.changes?.(after, limit) ?? { changes: [], cursor: '', gap: true }
    },
    // Nothing is told: only what is asked for is heard.
    watch: () => () => {},
  }
  const { store: counted, calls } = counting(behind)
  const cache = cached(counted, { timing, staleness: '2s', ...rest })
  const isActive = async (): Promise<boolean> => (await cache.find('a'))?.session.endedAt === null
  const reads = (): number => calls['find'] ?? 0
  return {
    timing,
    store,
    cache,
    line,
    isActive,
    reads,
    revoke: () => store.end({ realm: 'main', id: 'a' }, ended),
  }
}

test('P-19 an answer comes from memory until the bound, and one millisecond before it ends is the last', async () => {
  const { timing, line, isActive, reads } = await aCache()
  assert.ok(await isActive())
  line.cut = true
  timing.advance(2 * second - 1)
  assert.ok(await isActive())
  assert.equal(reads(), 1)
  timing.advance(1)
  assert.ok(await isActive())
  assert.equal(reads(), 2, 'at the bound the store is asked')
})

test('P-19 R-20 with the feed cut, a revoked session is active for less than the bound', async () => {
  const { timing, line, isActive, revoke } = await aCache()
  assert.ok(await isActive())
  line.cut = true
  await revoke()
  timing.advance(2 * second - 1)
  assert.ok(await isActive())
  timing.advance(1)
  assert.ok(!(await isActive()))
})

test('P-19 with the feed heard, one read does for as long as nothing changes', async () => {
  const { timing, isActive, reads, revoke } = await aCache()
  for (let i = 0; i < 590; i++) {
    assert.ok(await isActive())
    timing.advance(100)
  }
  assert.equal(reads(), 1)
  await revoke()
  timing.advance(500)
  assert.ok(!(await isActive()))
})

test('P-19 a record is read again after keepFor, so that use on other nodes is seen', async () => {
  const { timing, store, cache, isActive, reads } = await aCache({ keepFor: '10s' })
  assert.ok(await isActive())
  await store.touch([{ id: 'a', at: start + 5 * second, lag: 0 }])
  timing.advance(10 * second - 1)
  assert.ok(await isActive())
  assert.equal(reads(), 1)
  timing.advance(1)
  assert.equal((await cache.find('a'))?.session.lastSeenAt, start + 5 * second)
})

test('P-19 a process that stood still for 10 s asks before it answers', async () => {
  const { timing, isActive, revoke } = await aCache()
  assert.ok(await isActive())
  await revoke()
  timing.stall(10 * second)
  assert.ok(!(await isActive()), 'the first answer after it, before any timer has run')
})

for (const [what, step] of [
  ['forward', hour],
  ['back', -hour],
] as const) {
  test(`P-19 a clock that is set ${what} by an hour makes no answer late`, async () => {
    const { timing, line, isActive, revoke } = await aCache()
    assert.ok(await isActive())
    line.cut = true
    await revoke()
    timing.step(step)
    timing.advance(2 * second - 1)
    await isActive()
    timing.advance(1)
    assert.ok(!(await isActive()))
  })

  test(`P-19 after a clock was set ${what} by an hour, the cache answers from memory again`, async () => {
    const { timing, isActive, reads } = await aCache()
    assert.ok(await isActive())
    timing.step(step)
    timing.advance(second)
    assert.ok(await isActive())
    const before = reads()
    timing.advance(second)
    assert.ok(await isActive())
    assert.equal(reads(), before)
  })
}

test('P-19 a machine that slept, and whose steady clock rested, asks before it answers', async () => {
  const { timing, isActive, revoke } = await aCache()
  assert.ok(await isActive())
  await revoke()
  timing.step(minute)
  assert.ok(!(await isActive()))
})

test('P-19 each answer tells how old it may be', async () => {
  const answers: unknown[] = []
  const { timing, line, cache, isActive } = await aCache({ onAnswer: (answer) => answers.push(answer) })
  await isActive()
  line.cut = true
  timing.advance(7)
  await isActive()
  timing.advance(2 * second - 8)
  await isActive()
  await cache.find('a', { fresh: true })
  assert.deepEqual(answers, [
    { from: 'store', freshness: 0 },
    { from: 'memory', freshness: 7 },
    { from: 'memory', freshness: 1_999 },
    { from: 'store', freshness: 0 },
  ])
})

test('P-19 a cache whose feed fails says so, and hears again by itself', async () => {
  const errors: unknown[] = []
  const { timing, line, cache, isActive } = await aCache({
    feed: 'cut',
    onError: (error) => errors.push(error),
  })
  assert.ok(await isActive())
  assert.equal(cache.freshness(), Infinity)
  timing.advance(500)
  assert.equal(errors.length, 2)
  line.cut = false
  timing.advance(500)
  assert.equal(cache.freshness(), 0)
})

test('P-19 a cache that was closed keeps nothing and plans nothing', async () => {
  const { timing, cache, isActive } = await aCache()
  await isActive()
  await cache.close?.()
  assert.deepEqual([cache.kept.entries, timing.waiting], [0, 0])
})
