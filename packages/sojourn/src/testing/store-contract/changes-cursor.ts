import assert from 'node:assert/strict'
import { hour, minute, newSession, newSessions, start } from '../fixtures.ts'
import { endedIn, feedOf, follow, limit } from './feed-reader.ts'
import { atOnce, createAll, type Laws, many } from './law.ts'

const end = { at: start + minute, reason: 'bulk_revoked' } as const

export const changesCursorLaws: Laws = {
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
