import assert from 'node:assert/strict'
import type { Limit } from '../../core/store.ts'
import { minute, newSession, newSessions, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, standing } from './law.ts'

const evict = (most: number): { limit: Limit } => ({ limit: { most, onExceed: 'evict' } })
const refuse = (most: number): { limit: Limit } => ({ limit: { most, onExceed: 'refuse' } })

/** Later than every session of these laws began, and within all their limits. */
const now = start + 10 * minute

export const limitLaws: Laws = {
  async 'AUR-20 limit: as many as allowed stand, and nothing is evicted before that'(store) {
    for (const entry of newSessions(5)) {
      assert.deepEqual(await store.create(entry, evict(5)), { status: 'created', ended: [] })
    }
    assert.equal((await listIds(store, { subject: 'u-1' })).length, 5)
  },

  async 'AUR-22 limit: the longest unseen goes, then the oldest, then by id, never the new one'(store) {
    await createAll(store, [
      newSession({ id: 'c', createdAt: start, lastSeenAt: start + minute }),
      newSession({ id: 'd', createdAt: start - 1, lastSeenAt: start + minute }),
      newSession({ id: 'b', createdAt: start, lastSeenAt: start + 2 * minute }),
      newSession({ id: 'a', createdAt: start, lastSeenAt: start + 2 * minute }),
      newSession({ id: 'e', createdAt: start - 2, lastSeenAt: start + 3 * minute }),
    ])
    for (const [index, gone] of ['d', 'c', 'a', 'b', 'e'].entries()) {
      // The new one is seen later than all, or at the same moment with a smaller id.
      const result = await store.create(newSession({ id: `0${index}`, createdAt: now }), evict(5))
      assert.equal(result.status, 'created')
      assert.deepEqual(idsOf(result.ended), [gone])
      assert.deepEqual(await endOf(store, gone), [now, 'evicted_by_limit'])
    }
  },

  async 'AUR-21 limit: with 1, each login ends the one before, though it is newer by its record'(store) {
    await createAll(store, [newSession({ id: 'later', createdAt: now + minute })])
    const result = await store.create(newSession({ id: 'new', createdAt: now }), evict(1))
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), ['later'])
    assert.deepEqual(await listIds(store, { at: now }), ['new'])
  },

  async 'A-24 limit: lowered from 10 to 2, one login evicts all nine in excess, in order'(store) {
    const entries = newSessions(10, (index) => ({ createdAt: start + index }))
    await createAll(store, entries, evict(10))
    const result = await store.create(newSession({ createdAt: now }), evict(2))
    assert.equal(result.status, 'created')
    assert.deepEqual(
      idsOf(result.ended),
      entries.slice(0, 9).map(({ session }) => session.id),
    )
    assert.equal((await listIds(store, { at: now })).length, 2)
  },

  async 'P-07 limit: after many logins at once exactly the limit stands, and the ended are named once'(
    store,
  ) {
    const results = await atOnce(many, (index) =>
      store.create(newSession({ createdAt: start + (index % 4) }), evict(3)),
    )
    const ended = results.flatMap((result) => (result.status === 'created' ? idsOf(result.ended) : []))
    assert.equal((await listIds(store, { subject: 'u-1', at: now })).length, 3)
    assert.equal(ended.length, many - 3)
    assert.equal(new Set(ended).size, ended.length)
  },

  async 'A-24 limit: of many logins at once that it refuses, exactly the limit are created'(store) {
    const results = await atOnce(many, () => store.create(newSession(), refuse(3)))
    assert.equal(results.filter(({ status }) => status === 'created').length, 3)
    assert.equal(results.filter(({ status }) => status === 'refused').length, many - 3)
    assert.equal((await listIds(store, { subject: 'u-1' })).length, 3)
  },

  async 'limit: what is refused writes nothing, ends nothing, and hears who stands, in order of eviction'(
    store,
  ) {
    const [first, second, other] = [
      newSession({ createdAt: start + 2 }),
      newSession({ createdAt: start + 1 }),
      newSession({ subject: 'u-2' }),
    ]
    await createAll(store, [first, second, other])
    const refused = newSession({ createdAt: now })
    const result = await store.create(refused, {
      ...refuse(2),
      replaces: { id: other.session.id, reason: 'replaced_at_login' },
    })
    assert.deepEqual(result, { status: 'refused', live: [second.session, first.session] })
    assert.equal(await store.find(refused.session.id), undefined)
    assert.deepEqual(await endOf(store, other.session.id), [null, null])
  },

  async 'limit: the replaced session makes room before the others are counted'(store) {
    const [old, other] = [newSession(), newSession()]
    await createAll(store, [old, other])
    const replaces = { id: old.session.id, reason: 'replaced_at_login' } as const
    const result = await store.create(newSession({ createdAt: now }), { ...refuse(2), replaces })
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), [old.session.id])
    const next = await store.create(newSession({ createdAt: now + 1 }), {
      ...evict(1),
      replaces: { ...replaces, id: other.session.id },
    })
    assert.equal(next.status, 'created')
    assert.equal(next.ended[0]?.id, other.session.id, 'the replaced one comes first')
    assert.equal(next.ended.length, 2)
  },

  async 'limit: guests, the pending, the ended, the void, other subjects and other realms are not counted'(
    store,
  ) {
    const watermarked = newSession({ method: 'saml' })
    const ended = newSession()
    await createAll(store, [
      newSession({ subject: null }),
      newSession({ activatedAt: null }),
      newSession({ subject: 'u-2' }),
      newSession({ realm: 'other' }),
      watermarked,
      ended,
    ])
    await store.end({ realm: 'main', id: ended.session.id }, { at: start, reason: 'user_logout' })
    await store.voidBefore({ realm: 'main', method: 'saml' }, { at: start, reason: 'maintenance' })
    assert.deepEqual(await store.create(newSession({ createdAt: now }), refuse(1)), {
      status: 'created',
      ended: [],
    })
  },

  async 'A-24 limit: a session in which somebody else acts is not counted, never evicted, and evicts nobody'(
    store,
  ) {
    const [acting, own] = [newSession({ actor: 'u-9', createdAt: start - 1 }), newSession()]
    await createAll(store, [acting, own])
    assert.deepEqual(await store.create(newSession({ actor: 'u-9', createdAt: now }), refuse(1)), {
      status: 'created',
      ended: [],
    })
    const result = await store.create(newSession({ createdAt: now }), evict(1))
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), [own.session.id])
    assert.deepEqual(await endOf(store, acting.session.id), [null, null])
  },

  async 'limit: a session counts at its deadline and no longer one millisecond later'(store) {
    const old = newSession()
    await createAll(store, [old])
    const atDeadline = await store.create(newSession({ createdAt: start + 30 * minute }), refuse(1))
    assert.equal(atDeadline.status, 'refused')
    const later = await store.create(newSession({ createdAt: start + 30 * minute + 1 }), evict(1))
    assert.deepEqual(later, { status: 'created', ended: [] })
    assert.deepEqual(await endOf(store, old.session.id), [null, null])
  },

  async 'limit: a guest and a pending session are admitted and evict nobody'(store) {
    await createAll(store, [newSession()])
    for (const fields of [{ subject: null }, { activatedAt: null }]) {
      assert.deepEqual(await store.create(newSession(fields), evict(1)), { status: 'created', ended: [] })
      assert.deepEqual(await store.create(newSession(fields), refuse(1)), { status: 'created', ended: [] })
    }
  },

  async 'limit: a touch moves a session to the end of the order of eviction'(store) {
    const [first, second] = [newSession({ createdAt: start }), newSession({ createdAt: start + 1 })]
    await createAll(store, [first, second])
    await store.touch([{ id: first.session.id, at: start + minute, lag: 0 }])
    const result = await store.create(newSession({ createdAt: now }), evict(2))
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), [second.session.id])
    assert.deepEqual(result.ended[0], (await standing(store, second.session.id)).session)
  },
}
