import assert from 'node:assert/strict'
import { hour, minute, newSession, newSessions, start } from '../fixtures.ts'
import { changedIn, endedIn, follow } from './feed-reader.ts'
import { createAll, type Laws, restore, standing } from './law.ts'

const end = { at: start + minute, reason: 'bulk_revoked' } as const

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
}
