import assert from 'node:assert/strict'
import { day, minute, newSession, second, start } from '../fixtures.ts'
import {
  atOnce,
  createAll,
  endOf,
  idsOf,
  type Laws,
  listIds,
  many,
  restore,
  sortedIds,
  standing,
} from './law.ts'
import { confirm, gone, grace, login, present, successorOf } from './refresh-token.ts'

/** What a refresh token means that was spent before. */
export const reuseLaws: Laws = {
  async 'P-10 A-06 restore: of 50 at once one is spent, the others hear grace, and one session stands'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    const results = await atOnce(many, (index) => present(store, first, start + index))
    assert.equal(results.filter(({ status }) => status === 'spent').length, 1)
    const graces = results.flatMap((result) => (result.status === 'grace' ? [result] : []))
    assert.equal(graces.length, many - 1)
    const { session, refresh } = await standing(store, 'a+')
    assert.deepEqual(
      graces.map((result) => result.session),
      graces.map(() => session),
    )
    assert.equal(refresh?.usedAt, null)
    assert.deepEqual(await listIds(store, { subject: 'u-1' }), ['a+'])
  },

  async 'P-10 R-52 restore: grace counts from the first use and never slides; after it a lost answer is given again'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    assert.equal((await present(store, first, start)).status, 'spent')
    for (const at of [10 * second, 15 * second, 20 * second]) {
      assert.equal((await present(store, first, start + at)).status, 'grace')
    }
    const lost = await present(store, first, start + 20 * second + 1)
    assert.equal(lost.status, 'lost_response')
    assert.deepEqual(lost.session, (await standing(store, 'a+')).session)
    assert.equal((await present(store, first, start + 29 * minute)).status, 'lost_response')
  },

  async 'SLI-08 R-49 restore: once the successor was presented, a later use is a copy, and one in grace is not'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    await present(store, first, start)
    await confirm(store, successorOf(first, start))
    assert.equal((await present(store, first, start + grace)).status, 'grace')
    assert.equal((await present(store, first, start + grace + 1)).status, 'reused')
  },

  async 'A-05 SLI-09 restore: a copy ends all of the family, and nothing of it can be restored; others stand'(
    store,
  ) {
    const first = login('a')
    const others = [
      login('device'),
      login('stranger', { subject: 'u-2' }),
      login('realm', { realm: 'other', family: 'a' }),
    ]
    const below = newSession({ id: 'below', parent: 'a+', realm: 'shop' })
    const timedOut = login('timed-out', { family: 'a', idleTimeout: 1 })
    await createAll(store, [first, ...others, below, timedOut])
    await store.sweep(start + 2, { limit: 10, purgeBefore: 0 })
    const at = start + minute
    await present(store, first, at)
    await confirm(store, successorOf(first, at))
    const result = await present(store, first, at + grace + 1)
    assert.equal(result.status, 'reused')
    assert.deepEqual(sortedIds(result.ended), ['a+', 'below'])
    assert.deepEqual(result.session, (await standing(store, 'a+')).session)
    assert.deepEqual(await endOf(store, 'a+'), [at + grace + 1, 'token_reuse'])
    assert.deepEqual(await endOf(store, 'timed-out'), [start + 1, 'idle_timeout'])
    assert.deepEqual(await present(store, successorOf(first, at), at + grace + 2), gone)
    assert.deepEqual(await present(store, timedOut, at + grace + 2), gone)
    for (const { session } of others) assert.deepEqual(await endOf(store, session.id), [null, null])
    for (const other of others) assert.equal((await present(store, other, at)).status, 'spent')
  },

  async 'A-05 restore: of copies of a stale token at once, each session of the family ends once'(store) {
    const first = login('a')
    await createAll(store, [first])
    await present(store, first, start)
    await confirm(store, successorOf(first, start))
    const results = await atOnce(many, () => present(store, first, start + grace + 1))
    const ended = results.flatMap((result) =>
      result.status === 'reused' ? [...idsOf(result.ended)] : ['not reused'],
    )
    assert.deepEqual(ended, ['a+'])
  },

  async 'A-06 restore: two generations back is late within grace, and writes nothing; a copy after it'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    const second = successorOf(first, start)
    await present(store, first, start)
    assert.equal((await present(store, second, start + 1)).status, 'spent')
    const before = await standing(store, 'a+')
    assert.deepEqual(await present(store, first, start + grace), { status: 'late' })
    assert.deepEqual(await standing(store, 'a+'), before)
    const reused = await present(store, first, start + grace + 1)
    assert.equal(reused.status, 'reused')
    assert.deepEqual(idsOf(reused.ended), ['a++'])
    assert.equal(reused.session.id, 'a+', 'who spent the token')
  },

  async 'R-50 restore: a purged successor counts as used and presented'(store) {
    const first = login('a')
    await createAll(store, [first])
    await present(store, first, start + 10)
    await store.end({ realm: 'main', id: 'a+' }, { at: start + 5, reason: 'user_logout' })
    await createAll(store, [login('b', { family: 'a' })])
    await store.sweep(start + 11, { limit: 10, purgeBefore: start + 10 })
    assert.equal(await store.find('a+'), undefined)
    assert.deepEqual(await present(store, first, start + 11), { status: 'late' })
    const reused = await present(store, first, start + 10 + grace + 1)
    assert.equal(reused.status, 'reused')
    assert.deepEqual(idsOf(reused.ended), ['b'])
    assert.equal(reused.session.id, 'a')
  },

  async 'restore: the successor is not given again once somebody ended it, or a watermark covers it'(store) {
    const [ended, covered] = [login('a'), login('b', { method: 'saml' })]
    await createAll(store, [ended, covered])
    for (const each of [ended, covered]) await present(store, each, start + 1)
    await store.end({ realm: 'main', id: 'a+' }, { at: start + 1, reason: 'user_logout' })
    await store.voidBefore({ realm: 'main', method: 'password' }, { at: start + 1, reason: 'maintenance' })
    for (const at of [start + 2, start + 1 + grace + 1]) {
      for (const each of [ended, covered]) assert.deepEqual(await present(store, each, at), gone)
    }
  },

  async 'R-52 restore: a lost answer is given again though the successor has timed out, if that can be restored'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    await present(store, first, start)
    const lost = await present(store, first, start + 10 * day)
    assert.equal(lost.status, 'lost_response')
    assert.equal((await present(store, successorOf(first, start), start + 10 * day)).status, 'spent')
    const second = login('b')
    await createAll(store, [second])
    const to = successorOf(second, start, { rememberedUntil: null })
    await restore(store, 'b', second.refreshHash ?? '', to, { at: start, grace })
    assert.deepEqual(await present(store, second, start + 10 * day), gone)
  },
}
