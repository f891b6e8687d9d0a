import assert from 'node:assert/strict'
import type { Data } from '../../core/session.ts'
import { hour, minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, standing } from './law.ts'

export const createLaws: Laws = {
  async 'AUR-02 create: what was created is found, with its hash, its data and no predecessor'(store) {
    const entry = newSession({
      app: 'shop',
      roles: ['admin', 'ünï "quoted"'],
      amr: ['pwd', 'otp'],
      assurance: 2,
      factors: [
        { amr: 'pwd', at: start },
        { amr: 'otp', at: start + 1 },
      ],
      restored: true,
      lag: 5,
      fingerprint: 'f',
      family: 'fam',
      rememberedUntil: start + hour,
      parent: 'p',
      actor: 'a',
      revision: 3,
      data: { cart: [{ sku: 'x', count: 2 }], note: 'ÿ☃\u0000' },
    })
    assert.deepEqual(await store.create(entry), { status: 'created', ended: [] })
    const found = await standing(store, entry.session.id)
    assert.deepEqual(found.session, entry.session)
    assert.equal(found.secretHash, entry.secretHash)
    assert.equal(found.previousHash, null)
    assert.equal(found.confirmed, true)
    assert.equal(found.watermark, null)
    assert.deepEqual(found.refresh, {
      hash: entry.refreshHash,
      expiresAt: start + hour,
      usedAt: null,
      successor: null,
    })
    assert.deepEqual({ ...found.data }, entry.data)
  },

  async 'create: a record of nothing but nulls comes back as it was'(store) {
    const nothing = {
      subject: null,
      activatedAt: null,
      idleTimeout: null,
      expiresAt: null,
      ip: null,
      userAgent: null,
    }
    const entry = newSession(nothing)
    await createAll(store, [entry])
    const found = await standing(store, entry.session.id)
    assert.deepEqual(found.session, entry.session)
    assert.ok(!('refresh' in found))
  },

  async 'ROD-26 create: a collision of ids is refused, writes nothing and ends nothing'(store) {
    const [first, other] = [newSession({ id: 'same', data: { of: 'first' } }), newSession()]
    await createAll(store, [first, other])
    const second = newSession({ id: 'same', subject: 'u-2', data: { of: 'second' } })
    const replaces = { id: other.session.id, reason: 'replaced_at_login' } as const
    assert.deepEqual(await store.create(second, { replaces, limit: { most: 1, onExceed: 'evict' } }), {
      status: 'duplicate',
    })
    assert.deepEqual((await standing(store, 'same')).session, first.session)
    assert.deepEqual({ ...(await standing(store, 'same')).data }, { of: 'first' })
    assert.deepEqual(await endOf(store, other.session.id), [null, null])
  },

  async 'ROD-03 create: the id of an ended session stays taken'(store) {
    await createAll(store, [newSession({ id: 'same' })])
    await store.end({ realm: 'main', id: 'same' }, { at: start, reason: 'user_logout' })
    assert.deepEqual(await store.create(newSession({ id: 'same', subject: 'u-2' })), { status: 'duplicate' })
    assert.deepEqual(await endOf(store, 'same'), [start, 'user_logout'])
  },

  async 'create: of many with one id at once, one is created and stands'(store) {
    const entries = Array.from({ length: many }, (_, index) =>
      newSession({ id: 'same', subject: `u-${index}` }),
    )
    const results = await Promise.all(entries.map(async (entry) => await store.create(entry)))
    const winners = entries.filter((_, index) => results[index]?.status === 'created')
    assert.equal(winners.length, 1)
    assert.equal(results.filter(({ status }) => status === 'duplicate').length, many - 1)
    assert.equal((await standing(store, 'same')).session.subject, winners[0]?.session.subject)
  },

  async 'P-06 create: after many at once the list equals the truth'(store) {
    const entries = Array.from({ length: many }, (_, index) => newSession({ createdAt: start + (index % 3) }))
    await atOnce(many, (index) => store.create(entries[index] ?? newSession()))
    const listed = await listIds(store, { subject: 'u-1', at: start + 3 })
    assert.deepEqual(listed.toSorted(), entries.map(({ session }) => session.id).toSorted())
  },

  async 'PCA-09 create: the replaced session ends in the same step, with its reason'(store) {
    const [old, next] = [newSession(), newSession({ createdAt: start + minute })]
    await createAll(store, [old])
    const result = await store.create(next, { replaces: { id: old.session.id, reason: 'replaced_at_login' } })
    assert.equal(result.status, 'created')
    assert.deepEqual(idsOf(result.ended), [old.session.id])
    assert.deepEqual(await endOf(store, old.session.id), [start + minute, 'replaced_at_login'])
    assert.deepEqual(result.ended[0], (await standing(store, old.session.id)).session)
  },

  async 'create: a replaced session that is missing or ended already is no matter'(store) {
    const old = newSession()
    await createAll(store, [old])
    await store.end({ realm: 'main', id: old.session.id }, { at: start, reason: 'user_logout' })
    for (const id of [old.session.id, 'nobody']) {
      const result = await store.create(newSession(), { replaces: { id, reason: 'replaced_at_login' } })
      assert.deepEqual(result, { status: 'created', ended: [] })
    }
    assert.deepEqual(await endOf(store, old.session.id), [start, 'user_logout'])
  },

  async 'create: a replaced session that was over before ends at its deadline'(store) {
    const old = newSession()
    await createAll(store, [old])
    const next = newSession({ createdAt: start + 30 * minute + 1 })
    await store.create(next, { replaces: { id: old.session.id, reason: 'replaced_at_login' } })
    assert.deepEqual(await endOf(store, old.session.id), [start + 30 * minute, 'idle_timeout'])
  },

  async 'A-18 create: __proto__ is refused as a key of data, at any depth, and writes nothing'(store) {
    const texts = ['{"__proto__":{"polluted":1}}', '{"a":[{"__proto__":{"polluted":1}}]}']
    for (const text of texts) {
      const entry = newSession({ data: JSON.parse(text) as Data })
      await assert.rejects(async () => await store.create(entry), {
        name: 'SessionError',
        code: 'invalid_data',
      })
      assert.equal(await store.find(entry.session.id), undefined)
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  },
}
