import assert from 'node:assert/strict'
import type { NewSession } from '../../core/store.ts'
import { minute, newSession, newSessions, type SessionFields, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, standing } from './law.ts'

const now = start + minute
const member = (fields: SessionFields & { secretHash?: string } = {}): NewSession =>
  newSession({ createdAt: now, ...fields })

export const upgradeLaws: Laws = {
  async 'SLI-31 upgrade: under a new id the guest ends as upgraded and the new session stands, in one step'(
    store,
  ) {
    const guest = newSession({ subject: null, data: { cart: ['x'] } })
    await createAll(store, [guest])
    const to = { ...member(), data: { cart: ['x', 'y'] } }
    const result = await store.upgrade(guest.session.id, to, { ifRevision: 0 })
    const ended = { ...guest.session, endedAt: now, endReason: 'upgraded' }
    assert.deepEqual(result, { status: 'created', ended: [ended] })
    assert.deepEqual((await standing(store, guest.session.id)).session, ended)
    const found = await standing(store, to.session.id)
    assert.deepEqual(found.session, to.session)
    assert.deepEqual({ ...found.data }, to.data)
    assert.deepEqual([found.previousHash, found.confirmed], [null, true])
  },

  async 'PCA-15 R-04 upgrade: in place the record is replaced and the old secret is dead'(store) {
    const pending = newSession({ activatedAt: null, subject: null, secretHash: 'old', data: { step: 1 } })
    await createAll(store, [pending])
    const { id } = pending.session
    await store.regenerate(id, 'old', 'newer', start)
    const to = newSession({
      id,
      revision: 1,
      lastSeenAt: now,
      regeneratedAt: now,
      secretHash: 'new',
      data: { done: true },
    })
    assert.deepEqual(await store.upgrade(id, to, { ifRevision: 0 }), { status: 'created', ended: [] })
    const found = await standing(store, id)
    assert.deepEqual(found.session, to.session)
    assert.deepEqual(
      { ...found, session: null, data: { ...found.data } },
      {
        session: null,
        secretHash: 'new',
        previousHash: null,
        confirmed: true,
        data: { done: true },
        watermark: null,
      },
    )
    assert.equal(await store.regenerate(id, 'old', 'x', now), 'lost')
    assert.deepEqual(await listIds(store, { subject: null, at: now }), [])
    assert.deepEqual(await listIds(store, { subject: 'u-1', at: now }), [id])
  },

  async 'upgrade: in place it may change the moment of creation, and lists follow'(store) {
    const [guest, other] = [newSession({ subject: null }), newSession({ createdAt: start + 1 })]
    await createAll(store, [guest, other])
    const { id } = guest.session
    await store.upgrade(id, member({ id }), { ifRevision: 0 })
    assert.deepEqual(await listIds(store, { at: now }), [id, other.session.id])
    assert.deepEqual(
      idsOf(await store.end({ realm: 'main', subject: 'u-1', id }, { at: now, reason: 'user_logout' })),
      [id],
    )
  },

  async 'upgrade: gone where it is missing, ended, expired, void, or activated for a subject'(store) {
    const [ended, expired, bound, covered] = [
      newSession({ subject: null }),
      newSession({ subject: null, idleTimeout: minute - 1 }),
      newSession(),
      newSession({ subject: null, realm: 'other' }),
    ]
    await createAll(store, [ended, expired, bound, covered])
    await store.end({ realm: 'main', id: ended.session.id }, { at: start, reason: 'user_logout' })
    await store.voidBefore({ realm: 'other' }, { at: start, reason: 'maintenance' })
    for (const id of ['nobody', ...idsOf([ended, expired, bound, covered].map(({ session }) => session))]) {
      for (const to of [member(), member({ id })]) {
        assert.deepEqual(await store.upgrade(id, to, { ifRevision: 0 }), { status: 'gone' })
      }
    }
    assert.equal(await store.find('nobody'), undefined)
    assert.deepEqual((await standing(store, bound.session.id)).session, bound.session)
    assert.deepEqual(await listIds(store, { at: now }), [bound.session.id])
  },

  async 'upgrade: a pending session may know its subject already; at its deadline it still can'(store) {
    const pending = newSession({ activatedAt: null, idleTimeout: minute })
    await createAll(store, [pending])
    const result = await store.upgrade(pending.session.id, member(), { ifRevision: 0 })
    assert.equal(result.status, 'created')
  },

  async 'P-25 upgrade: conflict where the data was written since it was read'(store) {
    const guest = newSession({ subject: null })
    await createAll(store, [guest])
    const { id } = guest.session
    await store.write(id, { add: { items: 1 } }, { at: start })
    for (const to of [member(), member({ id })]) {
      assert.deepEqual(await store.upgrade(id, to, { ifRevision: 0 }), { status: 'conflict' })
    }
    assert.deepEqual(await endOf(store, id), [null, null])
    assert.equal((await store.upgrade(id, member(), { ifRevision: 1 })).status, 'created')
  },

  async 'upgrade: the new id may not be taken'(store) {
    const [guest, other] = [newSession({ subject: null }), newSession()]
    await createAll(store, [guest, other])
    const to = member({ id: other.session.id })
    assert.deepEqual(await store.upgrade(guest.session.id, to, { ifRevision: 0 }), { status: 'duplicate' })
    assert.deepEqual(await endOf(store, guest.session.id), [null, null])
  },

  async 'upgrade: of many at once, one wins and one new session stands'(store) {
    for (const inPlace of [false, true]) {
      const guest = newSession({ subject: null })
      await createAll(store, [guest])
      const { id } = guest.session
      const results = await atOnce(20, () =>
        store.upgrade(id, member(inPlace ? { id } : {}), { ifRevision: 0 }),
      )
      assert.equal(results.filter(({ status }) => status === 'created').length, 1)
      assert.equal(results.filter(({ status }) => status === 'gone').length, 19)
      assert.equal((await listIds(store, { subject: 'u-1', at: now })).length, 1)
      await store.end({ realm: 'main' }, { at: now, reason: 'maintenance' })
    }
  },
}

export const upgradeLimitLaws: Laws = {
  async 'A-24 upgrade: admission as in create: evicts the excess after the guest, or refuses and writes nothing'(
    store,
  ) {
    const [guest, ...mine] = [
      newSession({ subject: null }),
      ...newSessions(3, (index) => ({ createdAt: start + index })),
    ]
    await createAll(store, [guest, ...mine])
    const { id } = guest.session
    const live = mine.map(({ session }) => session)
    const refused = await store.upgrade(id, member(), {
      ifRevision: 0,
      limit: { most: 2, onExceed: 'refuse' },
    })
    assert.deepEqual(refused, { status: 'refused', live })
    assert.deepEqual(await endOf(store, id), [null, null])
    const result = await store.upgrade(id, member(), { ifRevision: 0, limit: { most: 2, onExceed: 'evict' } })
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), [id, ...idsOf(live).slice(0, 2)])
    assert.deepEqual(await endOf(store, live[0]?.id ?? ''), [now, 'evicted_by_limit'])
  },

  async 'P-07 upgrade: many guests of one subject at once leave exactly the limit'(store) {
    const guests = newSessions(many, () => ({ subject: null }))
    await createAll(store, guests)
    const limit = { most: 3, onExceed: 'evict' } as const
    await atOnce(many, (index) => {
      const id = guests[index]?.session.id ?? ''
      return store.upgrade(id, member(index % 2 === 0 ? {} : { id }), { ifRevision: 0, limit })
    })
    assert.equal((await listIds(store, { subject: 'u-1', at: now })).length, 3)
    assert.deepEqual(await listIds(store, { subject: null, at: now }), [])
  },
}
