import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/core/store.ts'
import { cached } from '../../../src/stores/cached.ts'
import { memory } from '../../../src/stores/memory.ts'
import { FakeClock } from '../../../src/testing/clock.ts'
import { newSession, second, start } from '../../../src/testing/fixtures.ts'
import { atOnce, createAll } from '../../../src/testing/store-contract/law.ts'
import { turn } from '../../engine/around.ts'
import { plain } from './plain.ts'

const ended = { at: start, reason: 'admin_revoked' } as const

test('P-19 a gap in the feed empties the cache', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
  let gap = false
  const behind: Store = {
    ...plain(store),
    changes: (after, limit) => {
      const answer = store.changes?.(gap ? 'lost' : after, limit)
      assert.ok(answer !== undefined && !(answer instanceof Promise))
      return answer
    },
  }
  const cache = cached(behind, { timing })
  for (const id of ['a', 'b']) await cache.find(id)
  assert.equal(cache.kept.entries, 2)
  gap = true
  timing.advance(second)
  assert.deepEqual(cache.kept, { entries: 0, bytes: 0 })
})

test('P-19 what is told of a session while it is read keeps the older record out', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  await createAll(store, [newSession({ id: 'a' })])
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const behind: Store = {
    ...plain(store),
    changes: (after, limit) => store.changes?.(after, limit) ?? { changes: [], cursor: '', gap: true },
    find: async (id) => {
      const found = await store.find(id)
      await gate
      return found
    },
  }
  const cache = cached(behind, { timing, staleness: '2s' })
  const slow = cache.find('a')
  await store.end({ realm: 'main', id: 'a' }, ended)
  timing.advance(500)
  open()
  assert.equal((await slow)?.session.endedAt, null, 'it began before the end')
  assert.equal(cache.kept.entries, 0)
  assert.equal((await cache.find('a'))?.session.endedAt, start)
})

test('P-19 whoever asks while a session is read waits for that read, unless its end was heard since', async () => {
  const store = memory()
  await createAll(store, [newSession({ id: 'a' })])
  const gates: (() => void)[] = []
  const behind: Store = {
    ...plain(store),
    find: async (id) => {
      const found = await store.find(id)
      await new Promise<void>((resolve) => gates.push(resolve))
      return found
    },
  }
  const cache = cached(behind, { timing: new FakeClock(start) })
  const first = atOnce(3, () => cache.find('a'))
  await turn()
  assert.equal(gates.length, 1, 'one read for all three')
  await cache.end({ realm: 'main', id: 'a' }, ended)
  const second = cache.find('a')
  await turn()
  assert.equal(gates.length, 2, 'what this node ended is asked for anew')
  for (const open of gates) open()
  for (const found of await first) assert.equal(found?.session.endedAt, null)
  assert.equal((await second)?.session.endedAt, start)
})

test('P-19 an answer of the store that comes after the bound is asked for again, and then refused', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
  const took = { millis: 0 }
  const behind: Store = {
    ...plain(store),
    find: async (id) => {
      const found = await store.find(id)
      await turn()
      timing.advance(took.millis)
      return found
    },
  }
  const cache = cached(behind, { timing, staleness: '2s' })
  took.millis = 2 * second - 1
  assert.ok(await cache.find('a'))
  took.millis = 2 * second
  await assert.rejects(async () => cache.find('b'), { code: 'store_unavailable' })
  await store.end({ realm: 'main', id: 'b' }, ended)
  assert.equal((await cache.find('b'))?.session.endedAt, start, 'an end is an end, however late')
})

test('P-19 a feed that never answers is given up at the bound, and asked again', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  let asked = 0
  const errors: unknown[] = []
  const behind: Store = { ...plain(store), changes: () => (asked++, new Promise(() => {})) }
  const cache = cached(behind, { timing, staleness: '2s', onError: (error) => errors.push(error) })
  await cache.find('a')
  timing.advance(2 * second - 1)
  assert.deepEqual([asked, errors.length], [1, 0])
  timing.advance(1)
  assert.equal(errors.length, 1)
  timing.advance(500)
  assert.equal(asked, 2)
})

test('P-19 what hears of the errors of the feed and throws ends no process', async () => {
  const timing = new FakeClock(start)
  const behind: Store = { ...plain(memory()), changes: () => new Promise(() => {}) }
  const onError = (): never => assert.fail('a listener that throws')
  await cached(behind, { timing, staleness: '2s', onError }).find('a')
  timing.advance(2 * second)
  assert.equal(timing.waiting, 1, 'it asks again')
})

test('P-19 a read that began earlier does not put its record over that of a later one', async () => {
  const store = memory()
  await createAll(store, [newSession({ id: 'a' })])
  const gates: (() => void)[] = []
  const behind: Store = {
    ...plain(store),
    find: async (id) => {
      const found = await store.find(id)
      await new Promise<void>((resolve) => gates.push(resolve))
      return found
    },
  }
  const timing = new FakeClock(start)
  const cache = cached(behind, { timing })
  const early = cache.find('a')
  await turn()
  await store.write('a', { set: { cart: 1 } }, { at: start })
  timing.advance(1)
  const late = cache.find('a', { fresh: true })
  await turn()
  gates[1]?.()
  assert.equal((await late)?.data['cart'], 1)
  gates[0]?.()
  assert.equal((await early)?.data['cart'], undefined)
  assert.equal((await cache.find('a'))?.data['cart'], 1)
})

test('P-19 a page of the feed that is full proves nothing until the rest of it was told', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  const entries = Array.from({ length: 1_001 }, () => newSession())
  await createAll(store, [newSession({ id: 'a' }), ...entries])
  let calls = 0
  const behind: Store = {
    ...plain(store),
    changes: (after, limit) => {
      if (++calls === 3) throw new Error('cut in the middle')
      return store.changes?.(after, limit) ?? { changes: [], cursor: '', gap: true }
    },
  }
  const cache = cached(behind, { timing, staleness: '2s' })
  await cache.find('a')
  await store.end({ realm: 'main' }, ended)
  timing.advance(500)
  assert.deepEqual([calls, cache.freshness()], [3, 500], 'as of the first call, which told of everything')
  timing.advance(500)
  assert.equal(cache.freshness(), 0)
})

test('P-19 what comes from a call that was given up is not heard, and starts no second round of calls', async () => {
  const timing = new FakeClock(start)
  const store = memory()
  await createAll(store, [newSession({ id: 'a' })])
  let answer = (): void => {}
  let calls = 0
  const behind: Store = {
    ...plain(store),
    changes: (after, limit) => {
      const now = store.changes?.(after, limit) ?? { changes: [], cursor: '', gap: true }
      return ++calls > 1 ? now : new Promise((resolve) => (answer = () => resolve(now)))
    },
  }
  const cache = cached(behind, { timing, staleness: '2s' })
  await cache.find('a')
  timing.advance(2_500)
  assert.equal(cache.freshness(), 0)
  answer()
  await turn()
  assert.deepEqual([cache.freshness(), timing.waiting], [0, 1])
})

test('P-19 what this node moved below another session is read as it stands, before the feed tells', async () => {
  const store = memory()
  const remembered = { family: 'f', rememberedUntil: start + 1e9 }
  await createAll(store, [
    newSession({ id: 'a', ...remembered }),
    newSession({ id: 'below a', subject: 'u-9', parent: 'a' }),
    newSession({ id: 'guest', subject: null }),
    newSession({ id: 'below guest', subject: 'u-9', parent: 'guest' }),
  ])
  const cache = cached(plain(store), { timing: new FakeClock(start) })
  const parentOf = async (id: string): Promise<unknown> => (await cache.find(id))?.session.parent
  assert.deepEqual([await parentOf('below a'), await parentOf('below guest')], ['a', 'guest'])
  await cache.restore?.('a', 'refresh-of-a', newSession({ id: 'a+', ...remembered }), { at: start, grace: 0 })
  await cache.upgrade('guest', newSession({ id: 'member', subject: 'u-2' }), { ifRevision: 0 })
  assert.deepEqual([await parentOf('below a'), await parentOf('below guest')], ['a+', 'member'])
})

for (const [what, which] of Object.entries({
  'a session': { realm: 'main', id: 'a' },
  'a subject': { realm: 'main', subject: 'u-1' },
  'what was not seen lately': { realm: 'main', subject: 'u-1', unseenSince: start },
})) {
  test(`P-19 an end of ${what} that was done by a first try, whose answer was lost, is known at once`, async () => {
    const store = memory()
    const timing = new FakeClock(start)
    await createAll(store, [
      newSession({ id: 'a' }),
      newSession({ id: 'below', realm: 'app', subject: 'u-2', parent: 'a' }),
      newSession({ id: 'lowest', realm: 'app', subject: 'u-3', parent: 'below' }),
      newSession({ id: 'other', subject: 'u-4' }),
    ])
    const twice: Store = {
      ...plain(store),
      end: async (filter, end) => {
        await store.end(filter, end)
        return await store.end(filter, end)
      },
    }
    const cache = cached(twice, { timing })
    for (const id of ['lowest', 'below', 'a', 'other']) await cache.find(id)
    assert.deepEqual(await cache.end(which, ended), [])
    for (const id of ['lowest', 'below', 'a'])
      assert.equal((await cache.find(id))?.session.endReason, ended.reason, id)
    assert.equal((await cache.find('other'))?.session.endedAt, null)
    assert.equal(cache.kept.entries, 1)
  })
}

test('P-19 what this node ended, or voided, is known at once without a word of the feed', async () => {
  const store = memory()
  await createAll(store, [
    newSession({ id: 'a' }),
    newSession({ id: 'below', realm: 'app', subject: 'u-2', parent: 'a' }),
    newSession({ id: 'b', subject: 'u-3' }),
  ])
  const cache = cached(plain(store), { timing: new FakeClock(start) })
  for (const id of ['below', 'b']) await cache.find(id)
  await cache.end({ realm: 'main', subject: 'u-1' }, ended)
  assert.equal(
    (await cache.find('below'))?.session.endReason,
    ended.reason,
    'though what it stood below was not kept',
  )
  await cache.voidBefore({ realm: 'main', subject: 'u-3' }, { at: start, reason: 'credential_changed' })
  assert.equal((await cache.find('b'))?.watermark?.reason, 'credential_changed')
})
