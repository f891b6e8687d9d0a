import assert from 'node:assert/strict'
import { minute, newSession, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, idsOf, type Laws, listIds, many, restore, standing } from './law.ts'
import { grace, login, present, successorOf } from './refresh-token.ts'

export const restoreLimitLaws: Laws = {
  async 'SLI-10 restore: the predecessor makes room before the others are counted'(store) {
    const [first, other] = [login('a'), newSession({ id: 'other' })]
    await createAll(store, [first, other])
    const result = await present(store, first, start + 1, { most: 2, onExceed: 'refuse' })
    assert.equal(result.status, 'spent')
    assert.deepEqual(await endOf(store, 'other'), [null, null])
  },

  async 'restore: what the limit refuses writes nothing, and the token can still be spent'(store) {
    const [first, other] = [login('a', { idleTimeout: 1 }), newSession({ id: 'other' })]
    await createAll(store, [first, other])
    const refused = await present(store, first, start + 2, { most: 1, onExceed: 'refuse' })
    assert.deepEqual(refused, { status: 'refused', live: [other.session] })
    assert.equal(await store.find('a+'), undefined)
    assert.equal((await standing(store, 'a')).refresh?.usedAt, null)
    assert.equal((await present(store, first, start + 3)).status, 'spent')
  },

  async 'A-24 restore: the excess is evicted after the predecessor, in order, with what stands below it'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [
      newSession({ id: 'newer', createdAt: start + 1 }),
      newSession({ id: 'older' }),
      first,
      newSession({ id: 'below', parent: 'older', realm: 'shop' }),
    ])
    const at = start + minute
    const result = await present(store, first, at, { most: 1, onExceed: 'evict' })
    assert.equal(result.status, 'spent')
    assert.deepEqual(idsOf(result.ended), ['a', 'older', 'newer', 'below'])
    assert.deepEqual(await endOf(store, 'older'), [at, 'evicted_by_limit'])
    assert.deepEqual(await listIds(store, { at, subject: 'u-1' }), ['a+'])
  },

  async 'P-07 restore: after many restorations at once exactly the limit stands'(store) {
    const logins = Array.from({ length: many }, (_, index) => login(`s${index}`, { idleTimeout: 1 }))
    await createAll(store, logins)
    const results = await atOnce(many, (index) =>
      present(store, logins[index] ?? login('none'), start + 2, { most: 3, onExceed: 'evict' }),
    )
    assert.ok(results.every(({ status }) => status === 'spent'))
    assert.equal((await listIds(store, { at: start + 2 })).length, 3)
  },

  async 'restore: the new session is not evicted with the one that it stands below'(store) {
    const first = login('a')
    await createAll(store, [first, newSession({ id: 'older', createdAt: start - 1 })])
    const to = successorOf(first, start, { parent: 'older' })
    const options = { at: start, grace, limit: { most: 1, onExceed: 'evict' } } as const
    const result = await restore(store, 'a', first.refreshHash ?? '', to, options)
    assert.equal(result.status, 'spent')
    assert.deepEqual(idsOf(result.ended), ['a', 'older'])
    assert.deepEqual(await endOf(store, 'a+'), [null, null])
  },
}
