import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memory } from '../../src/stores/memory.ts'
import { hour, minute, newSession, newSessions, start } from '../../src/testing/fixtures.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { createAll, endOf, listIds } from '../../src/testing/store-contract/law.ts'

describe('memory keeps the contract', () => {
  storeContract(test, () => memory())
})

test('memory answers at once', () => {
  const store = memory()
  const { session, secretHash, data } = newSession()
  assert.ok(!(store.create({ session, secretHash, data }) instanceof Promise))
  assert.ok(!(store.find(session.id) instanceof Promise))
})

test('P-05 finding a session in memory makes nothing new, until it changes', async () => {
  const store = memory()
  await createAll(store, [newSession({ id: 'a' })])
  const first = await store.find('a')
  assert.equal(await store.find('a'), first)
  await store.voidBefore({ realm: 'other' }, { at: start, reason: 'maintenance' })
  assert.equal(await store.find('a'), first)
  await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  const covered = await store.find('a')
  assert.notEqual(covered, first)
  assert.equal(await store.find('a'), covered)
})

test('memory refuses a maxSessions that is no whole number from 1, with its key path', () => {
  for (const maxSessions of [0, -1, 1.5, NaN]) {
    assert.throws(() => memory({ maxSessions }), {
      code: 'invalid_option',
      message: /^maxSessions: expected a whole number/,
    })
  }
})

const forever = { idleTimeout: null, expiresAt: null }

test('P-17 a full memory lets go what ended longest ago, then the expired, then guests, then refuses', async () => {
  const store = memory({ maxSessions: 4 })
  await createAll(store, [
    newSession({ id: 'guest', ...forever, subject: null }),
    newSession({ id: 'expired', idleTimeout: minute }),
    newSession({ id: 'ended', ...forever }),
    newSession({ id: 'ended-before', ...forever }),
  ])
  await store.end({ realm: 'main', id: 'ended' }, { at: start + 2, reason: 'user_logout' })
  await store.end({ realm: 'main', id: 'ended-before' }, { at: start + 1, reason: 'user_logout' })
  for (const gone of ['ended-before', 'ended', 'expired', 'guest']) {
    assert.notEqual(await store.find(gone), undefined)
    await createAll(store, [newSession({ createdAt: start + hour, ...forever })])
    assert.equal(await store.find(gone), undefined, gone)
  }
  const one = newSession({ ...forever, createdAt: start + hour })
  assert.throws(() => store.create(one), { code: 'store_full', message: /Raise maxSessions/ })
  assert.equal(await store.find(one.session.id), undefined)
  assert.equal((await listIds(store, { state: 'any' })).length, 4)
})

test('a flood of guests takes no session of a subject, and the guests unseen longest go first', async () => {
  const store = memory({ maxSessions: 300 })
  await createAll(
    store,
    newSessions(100, (index) => ({ id: `member-${index}` })),
  )
  await createAll(
    store,
    newSessions(200, (index) => ({ id: `guest-${index}`, subject: null, createdAt: start + index })),
  )
  await store.touch([{ id: 'guest-0', at: start + minute, lag: 0 }])
  await createAll(
    store,
    newSessions(6, () => ({ subject: null, createdAt: start + minute })),
  )
  assert.equal((await listIds(store, { subject: 'u-1', at: start + minute })).length, 100)
  for (let index = 1; index <= 6; index++) assert.equal(await store.find(`guest-${index}`), undefined)
  assert.notEqual(await store.find('guest-0'), undefined)
  assert.notEqual(await store.find('guest-7'), undefined)
})

test('an upgrade in a full memory spares the guest that it is about', async () => {
  const store = memory({ maxSessions: 2 })
  await createAll(store, [
    newSession({ id: 'guest', subject: null }),
    newSession({ id: 'other', subject: null, lastSeenAt: start + 1 }),
  ])
  const result = await store.upgrade('guest', newSession({ id: 'member', createdAt: start + 2 }), {
    ifRevision: 0,
  })
  assert.equal(result.status, 'created')
  assert.deepEqual(await endOf(store, 'guest'), [start + 2, 'upgraded'])
  assert.equal(await store.find('other'), undefined)
})

test('SLI-25 what can be restored is let go last of all, and never by its own restoration', async () => {
  const store = memory({ maxSessions: 3 })
  const remembered = { family: 'f', idleTimeout: 1, rememberedUntil: start + hour }
  await createAll(store, [
    newSession({ id: 'first', ...remembered }),
    newSession({ id: 'second', ...remembered, rememberedUntil: start + 2 * hour }),
    newSession({ id: 'guest', subject: null }),
  ])
  await store.sweep(start + 2, { limit: 10, purgeBefore: 0 })
  const to = newSession({ ...forever, id: 'first+', family: 'f', createdAt: start + 2 })
  const restored = await store.restore?.('first', 'refresh-of-first', to, { at: start + 2, grace: 0 })
  assert.equal(restored?.status, 'spent')
  assert.equal(await store.find('guest'), undefined)
  await createAll(store, [newSession({ ...forever, id: 'login', createdAt: start + 2 })])
  assert.equal(await store.find('first'), undefined, 'its token is spent')
  const next = newSession({ ...forever, id: 'second+', family: 'f', createdAt: start + 2 })
  const options = { at: start + 2, grace: 0 }
  assert.throws(() => store.restore?.('second', 'refresh-of-second', next, options), { code: 'store_full' })
  assert.notEqual((await store.find('second'))?.refresh, undefined)
  await createAll(store, [newSession({ ...forever, createdAt: start + 2 })])
  assert.equal(await store.find('second'), undefined)
})

test('a collision and a refusal remove nothing from a full memory', async () => {
  const store = memory({ maxSessions: 2 })
  await createAll(store, [newSession({ id: 'guest', subject: null }), newSession({ id: 'member' })])
  assert.deepEqual(await store.create(newSession({ id: 'member' })), { status: 'duplicate' })
  const refused = await store.create(newSession(), { limit: { most: 1, onExceed: 'refuse' } })
  assert.equal(refused.status, 'refused')
  assert.equal((await listIds(store)).length, 2)
})

test('lists stay in order through many removals and late insertions', async () => {
  const store = memory()
  for (let round = 0; round < 20; round++) {
    await createAll(
      store,
      newSessions(30, (index) => ({ createdAt: start + ((index * 37 + round * 11) % 50) })),
    )
    await store.end({ realm: 'main', unseenSince: start + round }, { at: start + 100, reason: 'maintenance' })
    await store.sweep(start + 100, { limit: 1000, purgeBefore: start + 101 })
  }
  const { items } = await store.list({ realm: 'main', at: start, state: 'any', limit: 1000 })
  const order = items.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
  assert.deepEqual(items, order)
  assert.ok(items.every(({ createdAt }) => createdAt > start + 19))
})
