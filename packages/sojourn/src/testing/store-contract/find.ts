import assert from 'node:assert/strict'
import { hour, minute, newSession, start } from '../fixtures.ts'
import { createAll, type Laws, standing } from './law.ts'

export const findLaws: Laws = {
  async 'AUR-05 find: what is not there is undefined'(store) {
    await createAll(store, [newSession({ id: 'known' })])
    for (const id of [
      'unknown',
      'KNOWN',
      'known ',
      'kno',
      'know_',
      '%',
      '',
      '__proto__',
      "' OR 1=1 --",
      'k\u0000',
    ]) {
      assert.equal(await store.find(id), undefined)
    }
  },

  async 'P-12 find: ended sessions are found, with moment, reason and by whom'(store) {
    const { session } = newSession()
    await createAll(store, [newSession(session)])
    await store.end({ realm: 'main', id: session.id }, { at: start + 1, reason: 'admin_revoked', by: 'u-9' })
    const ended = { ...session, endedAt: start + 1, endReason: 'admin_revoked', endedBy: 'u-9' }
    assert.deepEqual((await standing(store, session.id)).session, ended)
  },

  async 'P-05 find: reading never writes'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const before = await standing(store, entry.session.id)
    for (let i = 0; i < 5; i++) assert.deepEqual(await store.find(entry.session.id), before)
    assert.deepEqual(before.session, entry.session)
  },

  async 'find: an expired session is found as it is; judging it is not the work of a store'(store) {
    const entry = newSession({ idleTimeout: minute, expiresAt: start + hour })
    await createAll(store, [entry])
    assert.equal((await standing(store, entry.session.id)).session.endedAt, null)
  },

  async 'A-38 find: changing what was returned changes nothing'(store) {
    const entry = newSession({
      roles: ['member'],
      family: 'f',
      rememberedUntil: start + hour,
      data: { list: [1], deep: { a: 1 } },
    })
    await createAll(store, [entry])
    const { id } = entry.session
    const before = structuredClone(await standing(store, id))
    const found = await standing(store, id)
    for (const target of [
      found,
      found.session,
      found.session.roles,
      found.session.factors,
      found.session.factors[0],
      found.refresh,
      found.data,
      found.data.list,
      found.data.deep,
    ]) {
      tamper(target)
    }
    assert.deepEqual(structuredClone(await standing(store, id)), before)
    const { items } = await store.list({ realm: 'main', at: start, state: 'any', limit: 10 })
    for (const item of items) tamper(item)
    assert.deepEqual(structuredClone(await standing(store, id)), before)
  },

  async 'A-38 create: changing what was handed in changes nothing'(store) {
    const roles = ['member']
    const list = [1]
    const data = { list, deep: { a: 1 } }
    const factors = [{ amr: 'pwd', at: start }]
    const entry = newSession({ roles, factors, data })
    await createAll(store, [entry])
    const before = structuredClone(await standing(store, entry.session.id))
    roles.push('admin')
    list.push(2)
    factors.push({ amr: 'otp', at: start })
    for (const target of [entry.session, factors[0], data, data.deep]) tamper(target)
    assert.deepEqual(structuredClone(await standing(store, before.session.id)), before)
    assert.deepEqual(before.session.roles, ['member'])
  },

  async 'A-18 find: data has no prototype'(store) {
    const entry = newSession({ data: { a: 1 } })
    await createAll(store, [entry])
    const { data } = await standing(store, entry.session.id)
    assert.equal(Object.getPrototypeOf(data), null)
    assert.equal(data.toString, undefined)
    assert.equal(data.constructor, undefined)
  },
}

/** Changes what it can of an object; what is frozen refuses, which is as good. */
function tamper(target: unknown): void {
  if (typeof target !== 'object' || target === null) return
  for (const key of Reflect.ownKeys(target)) Reflect.set(target, key, 'tampered')
  Reflect.set(target, 'stranger', true)
}
