import assert from 'node:assert/strict'
import type { Change, Store } from '../../core/store.ts'
import { hour, minute, newSession, newSessions, start } from '../fixtures.ts'
import { atOnce, createAll, type Laws, many, restore, standing } from './law.ts'

const end = { at: start + minute, reason: 'bulk_revoked' } as const
const limit = 100

/** The feed of a store from now on: each call tells what has come since the last, and that nothing is missing. */
async function follow(store: Store, most = limit): Promise<() => Promise<readonly Change[]>> {
  const changes = feedOf(store)
  const first = await changes(null, most)
  assert.deepEqual([first.changes, first.gap], [[], false], 'null means from now')
  let { cursor } = first
  return async () => {
    const told: Change[] = []
    for (;;) {
      const page = await changes(cursor, most)
      assert.equal(page.gap, false)
      assert.ok(page.changes.length <= most)
      told.push(...page.changes)
      cursor = page.cursor
      if (page.changes.length < most) return told
    }
  }
}

function feedOf(store: Store): NonNullable<Store['changes']> {
  assert.ok(store.changes, 'the store has no feed, and does not decline it')
  return store.changes.bind(store)
}

/** The ids that were told of as ended, each once, sorted. */
function endedIn(told: readonly Change[]): readonly string[] {
  return [...new Set(told.flatMap((change) => (change.kind === 'ended' ? [change.id] : [])))].toSorted()
}

function changedIn(told: readonly Change[]): readonly string[] {
  return [...new Set(told.flatMap((change) => (change.kind === 'changed' ? [change.id] : [])))].toSorted()
}

export const changesLaws: Laws = {
  async 'P-19 changes: an end is told with its moment and reason, from the cursor on'(store) {
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
    await store.end({ realm: 'main', id: 'a' }, end)
    const next = await follow(store)
    await store.end({ realm: 'main', id: 'b' }, end)
    assert.deepEqual(await next(), [{ kind: 'ended', id: 'b', reason: 'bulk_revoked', at: start + minute }])
    assert.deepEqual(await next(), [], 'told once to whoever goes on')
    await store.end({ realm: 'main', id: 'b' }, { ...end, at: end.at + 1 })
    assert.deepEqual(await next(), [], 'an end that was there before is none')
  },

  async 'P-19 changes: ends of every verb are told: the replaced, the evicted, the upgraded, what stood below, the swept'(
    store,
  ) {
    const next = await follow(store)
    await createAll(store, [
      newSession({ id: 'old' }),
      newSession({ id: 'below', parent: 'old', subject: 'u-9', idleTimeout: null, expiresAt: null }),
    ])
    await store.create(newSession({ id: 'new' }), { limit: { most: 1, onExceed: 'evict' } })
    assert.deepEqual(endedIn(await next()), ['below', 'old'])
    await store.create(newSession({ id: 'newer' }), { replaces: { id: 'new', reason: 'replaced_at_login' } })
    assert.deepEqual(endedIn(await next()), ['new'])
    await createAll(store, [newSession({ id: 'guest', subject: null })])
    await store.upgrade('guest', newSession({ id: 'member', subject: 'u-2' }), { ifRevision: 0 })
    assert.deepEqual(endedIn(await next()), ['guest'])
    await store.sweep(start + 13 * hour, { limit: 100, purgeBefore: 0 })
    const swept = await next()
    assert.deepEqual(endedIn(swept), ['member', 'newer'])
    const [first] = swept.filter((change) => change.kind === 'ended')
    assert.deepEqual([first?.reason, first?.at], ['idle_timeout', start + 30 * minute])
  },

  async 'P-19 changes: a watermark that rises is told, one that does not is not; what a sweep marks under it is told'(
    store,
  ) {
    if (store.declines?.watermarks !== undefined) return
    await createAll(store, [newSession({ id: 'a' })])
    const next = await follow(store)
    const scope = { realm: 'main', subject: 'u-1' }
    const watermark = { at: start + 5, reason: 'credential_changed' } as const
    await store.voidBefore(scope, watermark)
    assert.deepEqual(await next(), [{ kind: 'watermark', scope, watermark }])
    await store.voidBefore(scope, { at: start + 4, reason: 'maintenance' })
    await store.voidBefore(scope, { at: start + 5, reason: 'maintenance' })
    assert.deepEqual(await next(), [])
    await store.sweep(start + minute, { limit: 100, purgeBefore: 0 })
    assert.deepEqual(endedIn(await next()), ['a'])
  },

  async 'P-19 changes: a restored predecessor is told as ended, a reused family whole'(store) {
    if (store.declines?.restore !== undefined) return
    const remembered = { family: 'f', rememberedUntil: start + 24 * hour }
    await createAll(store, [newSession({ id: 'a', ...remembered })])
    const next = await follow(store)
    const to = newSession({ id: 'a+', ...remembered, createdAt: start + minute })
    await restore(store, 'a', 'refresh-of-a', to, { at: start + minute, grace: 0 })
    assert.deepEqual(endedIn(await next()), ['a'])
    const late = newSession({ id: 'a++', ...remembered, createdAt: start + 2 * minute })
    await store.touch([{ id: 'a+', at: start + minute, lag: 0, confirm: to.secretHash }])
    const result = await restore(store, 'a', 'refresh-of-a', late, { at: start + 2 * minute, grace: 0 })
    assert.equal(result.status, 'reused')
    assert.deepEqual(endedIn(await next()), ['a+'])
  },

  async 'P-19 changes: a new secret, its confirmation, data, an elevation, an activation in place are told'(
    store,
  ) {
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'guest', subject: null })])
    const next = await follow(store)
    const told = async (): Promise<readonly string[]> => changedIn(await next())
    await store.regenerate('a', 'hash-of-a', 'second', start + 1)
    assert.deepEqual(await told(), ['a'])
    await store.touch([{ id: 'a', at: start + 1, lag: 0, confirm: 'second' }])
    assert.deepEqual(await told(), ['a'])
    await store.touch([{ id: 'a', at: start + 1, lag: 0, rehash: { from: 'second', to: 'newer' } }])
    assert.deepEqual(await told(), ['a'])
    await store.write('a', { set: { cart: 1 } }, { at: start + 2 })
    assert.deepEqual(await told(), ['a'])
    const { session } = await standing(store, 'a')
    const { amr, factors, restored, expiresAt } = session
    const elevation = { amr, factors, restored, expiresAt, assurance: 2, authenticatedAt: start + 3 } as const
    await store.regenerate('a', 'newer', 'third', start + 3, elevation)
    assert.deepEqual(await told(), ['a'])
    await store.upgrade('guest', newSession({ id: 'guest', subject: 'u-2' }), { ifRevision: 0 })
    assert.deepEqual(await told(), ['guest'])
  },

  async 'P-19 changes: what moved below another is told'(store) {
    await createAll(store, [
      newSession({ id: 'guest', subject: null }),
      newSession({ id: 'below', subject: 'u-9', parent: 'guest' }),
    ])
    const next = await follow(store)
    await store.upgrade('guest', newSession({ id: 'member', subject: 'u-2' }), { ifRevision: 0 })
    const told = await next()
    assert.deepEqual([endedIn(told), changedIn(told)], [['guest'], ['below']])
  },

  async 'P-19 changes: new sessions, mere use, refused writes and what becomes of the ended are not told'(
    store,
  ) {
    const next = await follow(store)
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'over' })])
    await store.end({ realm: 'main', id: 'over' }, end)
    await next()
    await createAll(store, newSessions(3))
    await store.touch([{ id: 'a', at: start + minute, lag: 10 }])
    await store.regenerate('a', 'another', 'second', start + 1)
    await store.write('a', { set: { cart: 1 } }, { at: start + 2, ifRevision: 7 })
    await store.write('over', { set: { cart: 1 } }, { at: start + 2 })
    await store.touch([{ id: 'over', at: start + 2, lag: 0, confirm: 'hash-of-over' }])
    await store.sweep(start + 2 * minute, {
      limit: 100,
      purgeBefore: start + 2 * minute,
      minimiseBefore: start + 2 * minute,
    })
    assert.deepEqual(await next(), [])
  },

  async 'P-19 changes: page by page nothing is missing, doubled or out of order'(store) {
    const entries = newSessions(7)
    await createAll(store, entries)
    const [narrow, wide] = [await follow(store, 3), await follow(store)]
    const ids = entries.map(({ session }) => session.id)
    for (const id of ids) await store.end({ realm: 'main', id }, end)
    assert.deepEqual(
      (await narrow()).map((change) => change.kind === 'ended' && change.id),
      ids,
    )
    assert.equal((await wide()).length, 7)
    assert.deepEqual(await narrow(), [])
  },

  async 'P-19 changes: one cursor can be read again, by any number'(store) {
    await createAll(store, [newSession({ id: 'a' })])
    const changes = feedOf(store)
    const { cursor } = await changes(null, limit)
    await store.end({ realm: 'main', id: 'a' }, end)
    const pages = await atOnce(many, () => changes(cursor, limit))
    for (const page of pages) assert.deepEqual(page, pages[0])
    assert.equal(pages[0]?.changes.length, 1)
  },

  async 'P-19 changes: of steps at once, each acknowledged one is in the next full answer'(store) {
    const entries = newSessions(many)
    await createAll(store, entries)
    const next = await follow(store, 7)
    const told = new Set<string>()
    const read = async (): Promise<void> => {
      for (const id of endedIn(await next())) told.add(id)
    }
    let reading = Promise.resolve()
    await atOnce(many, async (index) => {
      const id = entries[index]?.session.id ?? ''
      await store.end({ realm: 'main', id }, end)
      reading = reading.then(async () => {
        await read()
        assert.ok(told.has(id), `${id} had ended before the call`)
      })
    })
    await reading
    assert.equal(told.size, many)
  },

  async 'P-19 changes: a cursor that the store cannot place is a gap, and goes on from now'(store) {
    await createAll(store, newSessions(2))
    const changes = feedOf(store)
    const { cursor: real } = await changes(null, limit)
    await store.end({ realm: 'main' }, end)
    for (const cursor of [
      '',
      'x',
      '0',
      '-1',
      '999999999999999',
      `${real}0`,
      '1e3',
      "' OR 1=1 --",
      '\u0000',
    ]) {
      const page = await changes(cursor, limit)
      assert.deepEqual([page.changes, page.gap], [[], true], JSON.stringify(cursor))
      assert.deepEqual((await changes(page.cursor, limit)).changes, [])
    }
    assert.equal((await changes(real, limit)).changes.length, 2)
  },

  async 'P-19 changes: no feed at rest has a gap, however old the cursor and however often it is swept'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'a' }),
      newSession({ id: 'b', idleTimeout: null, expiresAt: null }),
    ])
    const changes = feedOf(store)
    await store.end({ realm: 'main', id: 'a' }, end)
    let { cursor } = await changes(null, limit)
    for (let round = 1; round < 20; round++) {
      await store.sweep(start + round * minute, { limit: 100, purgeBefore: 0 })
      const page = await changes(cursor, limit)
      assert.deepEqual([page.changes, page.gap], [[], false])
      cursor = page.cursor
    }
    await store.end({ realm: 'main', id: 'b' }, { ...end, at: start + hour })
    assert.deepEqual(endedIn((await changes(cursor, limit)).changes), ['b'])
  },

  async 'P-19 changes: kept five minutes at least, and a sweep never makes a hole'(store) {
    const entries = newSessions(12, () => ({ idleTimeout: null, expiresAt: null }))
    await createAll(store, entries)
    const changes = feedOf(store)
    const { cursor: oldest } = await changes(null, limit)
    const cursors: string[] = []
    for (const [minutes, { session }] of entries.entries()) {
      const at = start + minutes * minute
      cursors.push((await changes(null, limit)).cursor)
      await store.end({ realm: 'main', id: session.id }, { ...end, at })
      await store.sweep(at, { limit: 100, purgeBefore: 0 })
      for (const [index, cursor] of [oldest, ...cursors].entries()) {
        const page = await changes(cursor, limit)
        const since = index === 0 ? 0 : index - 1
        if (page.gap) assert.ok(minutes - since >= 5, `kept ${minutes - since} minutes only`)
        else assert.equal(page.changes.length, minutes - since + 1, 'all since the cursor, or a gap')
      }
    }
  },

  async 'P-19 changes: a limit out of range is refused'(store) {
    const changes = feedOf(store)
    for (const wrong of [0, -1, 1.5, 1001, NaN])
      await assert.rejects(async () => changes(null, wrong), { code: 'invalid_option' })
  },

  async 'A-26 changes: nothing of a secret is told'(store) {
    await createAll(store, [newSession({ id: 'a', secretHash: 'hush-1', data: { note: 'hush-2' } })])
    const next = await follow(store)
    await store.regenerate('a', 'hush-1', 'hush-3', start + 1)
    await store.write('a', { set: { note: 'hush-4' } }, { at: start + 1 })
    await store.end({ realm: 'main', id: 'a' }, end)
    assert.doesNotMatch(JSON.stringify(await next()), /hush/)
  },

  async 'P-19 watch: tells soon that the feed grew, until it is stopped, and disturbs no verb'(store) {
    assert.ok(store.watch, 'the store has no watch, and does not decline it')
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
    const stopBroken = store.watch(() => {
      throw new Error('the watcher is broken')
    })
    let heard = 0
    let tell = (): void => {}
    const soon = new Promise<void>((resolve) => (tell = resolve))
    const stop = store.watch(() => {
      heard++
      tell()
    })
    await store.end({ realm: 'main', id: 'a' }, end)
    await soon
    assert.ok(heard > 0)
    stop()
    stop()
    stopBroken()
    const before = heard
    await store.end({ realm: 'main', id: 'b' }, end)
    await store.find('b')
    await new Promise<void>((resolve) => setImmediate(resolve))
    assert.equal(heard, before)
  },
}
