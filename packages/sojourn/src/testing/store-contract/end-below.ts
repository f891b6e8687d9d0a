import assert from 'node:assert/strict'
import { minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, sortedIds, standing } from './law.ts'

const at = start + minute
const forever = { idleTimeout: null, expiresAt: null } as const
const remembered = { family: 'f', idleTimeout: 1, rememberedUntil: start + 90 * minute } as const

export const endBelowLaws: Laws = {
  async 'PCA-05 end: what stands below ends in the same step, at any depth and in any realm, by the same end'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'top' }),
      newSession({ id: 'client', parent: 'top', realm: 'shop', subject: 'other' }),
      newSession({ id: 'sibling', parent: 'top' }),
      newSession({ id: 'deep', parent: 'client', realm: 'deep' }),
      newSession({ id: 'deeper', parent: 'deep', subject: null }),
      newSession({ id: 'stranger', parent: 'nobody' }),
      newSession({ id: 'above' }),
    ])
    const ended = await store.end({ realm: 'main', id: 'top' }, { at, reason: 'user_logout', by: 'u-1' })
    assert.equal(ended[0]?.id, 'top', 'what matched comes first')
    assert.deepEqual(sortedIds(ended), ['client', 'deep', 'deeper', 'sibling', 'top'])
    for (const session of ended) {
      const { endedAt, endReason, endedBy } = session
      assert.deepEqual([endedAt, endReason, endedBy], [at, 'user_logout', 'u-1'])
      assert.deepEqual((await standing(store, session.id)).session, session)
    }
    assert.deepEqual(await endOf(store, 'stranger'), [null, null])
    assert.deepEqual(await endOf(store, 'above'), [null, null])
  },

  async 'end: one below ends with it, and nothing above or beside does'(store) {
    await createAll(store, [
      newSession({ id: 'top' }),
      newSession({ id: 'one', parent: 'top' }),
      newSession({ id: 'two', parent: 'top' }),
      newSession({ id: 'under', parent: 'one' }),
    ])
    const ended = await store.end({ realm: 'main', id: 'one' }, { at, reason: 'idp_logout' })
    assert.deepEqual(idsOf(ended), ['one', 'under'])
    assert.deepEqual((await listIds(store)).toSorted(), ['top', 'two'])
  },

  async 'end: a tree that bites its tail ends once, and the end comes back'(store) {
    await createAll(store, [
      newSession({ id: 'a', parent: 'c' }),
      newSession({ id: 'b', parent: 'a' }),
      newSession({ id: 'c', parent: 'b' }),
      newSession({ id: 'self', parent: 'self' }),
    ])
    assert.deepEqual(sortedIds(await store.end({ realm: 'main', id: 'b' }, { at, reason: 'maintenance' })), [
      'a',
      'b',
      'c',
    ])
    const self = await store.end({ realm: 'main', id: 'self' }, { at, reason: 'maintenance' })
    assert.deepEqual(idsOf(self), ['self'])
  },

  async 'P-11 end: below, too, the first reason stands, and what ended before still passes the end on'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'top' }),
      newSession({ id: 'gone', parent: 'top' }),
      newSession({ id: 'late', parent: 'late-over', idleTimeout: minute - 1 }),
      newSession({ id: 'late-over', parent: 'top' }),
    ])
    await store.end({ realm: 'main', id: 'gone' }, { at: start, reason: 'admin_revoked' })
    await createAll(store, [newSession({ id: 'orphan', parent: 'gone' })])
    const ended = await store.end({ realm: 'main', id: 'top' }, { at, reason: 'user_logout' })
    assert.deepEqual(sortedIds(ended), ['late', 'late-over', 'orphan', 'top'])
    assert.deepEqual(await endOf(store, 'gone'), [start, 'admin_revoked'])
    assert.deepEqual(await endOf(store, 'orphan'), [at, 'user_logout'])
    assert.deepEqual(await endOf(store, 'late'), [start + minute - 1, 'idle_timeout'], 'over before')
  },

  async 'end: what stands below one that was over before ends when that was'(store) {
    await createAll(store, [
      newSession({ id: 'top', idleTimeout: 5 }),
      newSession({ id: 'below', parent: 'top', ...forever }),
    ])
    await store.end({ realm: 'main', id: 'top' }, { at, reason: 'user_logout', by: 'u-1' })
    assert.deepEqual(await endOf(store, 'below'), [start + 5, 'idle_timeout'])
    assert.equal((await standing(store, 'below')).session.endedBy, null)
  },

  async 'end: of many ends of one tree at once, each session is told of once'(store) {
    await createAll(store, [
      newSession({ id: 's0' }),
      ...Array.from({ length: 9 }, (_, index) =>
        newSession({ id: `s${index + 1}`, parent: `s${Math.floor(index / 2)}` }),
      ),
    ])
    const results = await atOnce(many, (index) =>
      store.end({ realm: 'main', id: `s${index % 3}` }, { at, reason: 'admin_revoked' }),
    )
    const ids = results.flatMap((ended) => [...idsOf(ended)])
    assert.equal(ids.length, 10)
    assert.equal(new Set(ids).size, 10)
  },

  async 'create: what stands below the replaced and the evicted ends with them; the new one stands'(store) {
    await createAll(store, [
      newSession({ id: 'old', createdAt: start - 2 }),
      newSession({ id: 'below-old', parent: 'old', realm: 'shop' }),
      newSession({ id: 'excess', createdAt: start - 1 }),
      newSession({ id: 'below-excess', parent: 'excess', realm: 'shop' }),
    ])
    const result = await store.create(newSession({ id: 'new', parent: 'old', createdAt: at }), {
      limit: { most: 1, onExceed: 'evict' },
      replaces: { id: 'old', reason: 'replaced_at_login' },
    })
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended).slice(0, 2), ['old', 'excess'])
    assert.deepEqual(sortedIds(result.ended.slice(2)), ['below-excess', 'below-old'])
    assert.deepEqual(await endOf(store, 'below-old'), [at, 'replaced_at_login'])
    assert.deepEqual(await endOf(store, 'below-excess'), [at, 'evicted_by_limit'])
    assert.deepEqual(await endOf(store, 'new'), [null, null])
  },

  async 'SLI-31 upgrade: what stood below the guest stands below the new session'(store) {
    await createAll(store, [
      newSession({ id: 'guest', subject: null }),
      newSession({ id: 'below', parent: 'guest' }),
    ])
    const result = await store.upgrade('guest', newSession({ id: 'member', createdAt: at }), {
      ifRevision: 0,
    })
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), ['guest'])
    assert.equal((await standing(store, 'below')).session.parent, 'member')
    const ended = await store.end({ realm: 'main', id: 'member' }, { at, reason: 'user_logout' })
    assert.deepEqual(idsOf(ended), ['member', 'below'])
  },

  async 'SLI-24 sweep: what stands below the expired ends with it, and is told of once'(store) {
    await createAll(store, [
      newSession({ id: 'top', idleTimeout: 10 }),
      newSession({ id: 'below', parent: 'top', realm: 'shop', ...forever }),
      newSession({ id: 'expired', parent: 'top', idleTimeout: 20 }),
      newSession({ id: 'before', parent: 'top', idleTimeout: 5 }),
    ])
    const { ended } = await store.sweep(start + 30, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(sortedIds(ended), ['before', 'below', 'expired', 'top'])
    for (const id of ['top', 'below', 'expired'])
      assert.deepEqual(await endOf(store, id), [start + 10, 'idle_timeout'], id)
    assert.deepEqual(await endOf(store, 'before'), [start + 5, 'idle_timeout'])
    assert.deepEqual((await store.sweep(start + 30, { limit: 10, purgeBefore: 0 })).ended, [])
  },

  async 'sweep: what stands below one that a watermark covers ends with it, though a later one covers it too'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'top', ...forever }),
      newSession({ id: 'below', parent: 'top', realm: 'shop', ...forever }),
    ])
    await store.voidBefore({ realm: 'shop' }, { at: start + 1, reason: 'maintenance' })
    await store.voidBefore({ realm: 'main' }, { at: start, reason: 'idp_logout' })
    const { ended } = await store.sweep(start + 1, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(sortedIds(ended), ['below', 'top'])
    assert.deepEqual(await endOf(store, 'below'), [start, 'idp_logout'])
  },

  async 'P-16 R-54 end: what had timed out, and what is below it, can no longer be restored'(store) {
    await createAll(store, [
      newSession({ id: 'marked', ...remembered }),
      newSession({ id: 'below', parent: 'marked', ...remembered }),
      newSession({ id: 'unmarked', ...remembered, idleTimeout: 5 }),
      newSession({ id: 'kept', ...remembered }),
    ])
    await store.sweep(start + 3, { limit: 10, purgeBefore: 0 })
    assert.equal((await listIds(store, { state: 'restorable', at })).length, 4)
    assert.deepEqual(
      idsOf(await store.end({ realm: 'main', id: 'unmarked' }, { at, reason: 'user_revoked' })),
      ['unmarked'],
    )
    assert.deepEqual(await store.end({ realm: 'main', id: 'marked' }, { at, reason: 'user_revoked' }), [])
    assert.deepEqual(await listIds(store, { state: 'restorable', at }), ['kept'])
    for (const id of ['marked', 'below', 'unmarked']) {
      const { session, refresh } = await standing(store, id)
      assert.deepEqual(
        [session.endReason, session.rememberedUntil, refresh],
        ['idle_timeout', null, undefined],
      )
    }
    assert.deepEqual(await store.end({ realm: 'main', subject: 'u-1' }, { at, reason: 'bulk_revoked' }), [])
    assert.deepEqual(await listIds(store, { state: 'restorable', at }), [])
  },

  async 'end: for want of use leaves what is remembered restorable; by its absolute timeout it is not'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'idle', ...remembered }),
      newSession({ id: 'absolute', ...remembered, idleTimeout: null, expiresAt: start + 1 }),
    ])
    await store.end({ realm: 'main' }, { at, reason: 'idle_timeout' })
    assert.deepEqual(await listIds(store, { state: 'restorable', at }), ['idle'])
    const { session, refresh } = await standing(store, 'absolute')
    assert.deepEqual(
      [session.endReason, session.rememberedUntil, refresh],
      ['absolute_timeout', null, undefined],
    )
  },
}
