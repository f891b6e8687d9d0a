import assert from 'node:assert/strict'
import type { EndReason } from '../../core/session.ts'
import { day, hour, minute, newSession, start } from '../fixtures.ts'
import { createAll, endOf, idsOf, type Laws, listIds, restore, standing } from './law.ts'
import { confirm, gone, grace, login, present, successorOf } from './refresh-token.ts'

export const restoreLaws: Laws = {
  async 'SLI-07 SLI-08 restore: the first use inserts the new session, and the one before ends as remember_restored'(
    store,
  ) {
    const first = login('a')
    await createAll(store, [first])
    const at = start + minute
    const next = successorOf(first, at)
    const ended = {
      ...first.session,
      rememberedUntil: null,
      endedAt: at,
      endReason: 'remember_restored',
    } as const
    assert.deepEqual(await present(store, first, at), { status: 'spent', ended: [ended] })
    const [before, after] = [await standing(store, 'a'), await standing(store, 'a+')]
    assert.deepEqual(before.session, ended)
    assert.deepEqual(before.refresh, {
      hash: first.refreshHash,
      expiresAt: start + 30 * day,
      usedAt: at,
      successor: 'a+',
    })
    assert.deepEqual(after.session, next.session)
    assert.deepEqual({ ...after.data }, { of: 'a' })
    assert.deepEqual([after.secretHash, after.previousHash], [next.secretHash, null])
    assert.deepEqual(after.refresh, {
      hash: next.refreshHash,
      expiresAt: at + 30 * day,
      usedAt: null,
      successor: null,
    })
  },

  async 'restore: the new session is unconfirmed until its secret is presented'(store) {
    const first = login('a')
    await createAll(store, [first])
    await present(store, first, start)
    assert.equal((await standing(store, 'a+')).confirmed, false)
    await store.touch([{ id: 'a+', at: start, lag: 0, confirm: first.secretHash }])
    assert.equal((await standing(store, 'a+')).confirmed, false)
    await confirm(store, successorOf(first, start))
    assert.equal((await standing(store, 'a+')).confirmed, true)
  },

  async 'SLI-07 restore: what was over for want of use, marked or not'(store) {
    const [marked, unmarked] = [login('marked', { idleTimeout: minute }), login('unmarked')]
    await createAll(store, [marked, unmarked])
    await store.sweep(start + 2 * minute, { limit: 10, purgeBefore: 0 })
    const at = start + 20 * day
    assert.deepEqual(await present(store, marked, at), { status: 'spent', ended: [] })
    assert.deepEqual(await endOf(store, 'marked'), [start + minute, 'idle_timeout'])
    const result = await present(store, unmarked, at)
    assert.equal(result.status, 'spent')
    assert.deepEqual(idsOf(result.ended), ['unmarked'])
    assert.deepEqual(await endOf(store, 'unmarked'), [at, 'remember_restored'])
    assert.deepEqual((await listIds(store, { at })).toSorted(), ['marked+', 'unmarked+'])
    assert.deepEqual(await listIds(store, { at, state: 'restorable' }), [])
  },

  async 'SLI-06 restore: a refresh token is good at 30 days and dead one millisecond later'(store) {
    const [inTime, late] = [login('in-time'), login('late')]
    await createAll(store, [inTime, late])
    assert.deepEqual(await present(store, late, start + 30 * day + 1), gone)
    assert.equal((await present(store, inTime, start + 30 * day)).status, 'spent')
    assert.equal(await store.find('late+'), undefined)
  },

  async 'restore: gone, and nothing written, where the token is wrong, missing, or of another session'(
    store,
  ) {
    const [first, other, forgotten] = [login('a'), login('b', { family: 'a' }), newSession({ family: 'a' })]
    await createAll(store, [first, other, forgotten])
    const before = await standing(store, 'a')
    const options = { at: start, grace }
    const to = successorOf(first, start)
    for (const [id, hash] of [
      ['a', 'wrong'],
      ['a', ''],
      ['a', first.secretHash],
      ['a', other.refreshHash ?? ''],
      ['b', first.refreshHash ?? ''],
      ['nobody', first.refreshHash ?? ''],
      [forgotten.session.id, ''],
    ] as const) {
      assert.deepEqual(await restore(store, id, hash, to, options), gone)
    }
    assert.equal(await store.find('a+'), undefined)
    assert.deepEqual(await standing(store, 'a'), before)
  },

  async 'R-54 restore: gone where the session ended for another reason than want of use'(store) {
    const reasons: readonly EndReason[] = [
      'user_logout',
      'admin_revoked',
      'credential_changed',
      'evicted_by_limit',
    ]
    for (const reason of reasons) {
      const first = login(reason)
      await createAll(store, [first])
      await store.end({ realm: 'main', id: reason }, { at: start, reason })
      assert.deepEqual(await present(store, first, start), gone)
      assert.equal(await store.find(`${reason}+`), undefined)
    }
    const [absolute, unmarked] = [
      login('absolute', { idleTimeout: null, expiresAt: start + hour }),
      login('unmarked', { expiresAt: start + 30 * minute }),
    ]
    await createAll(store, [absolute])
    await store.sweep(start + hour + 1, { limit: 10, purgeBefore: 0 })
    await createAll(store, [unmarked])
    for (const each of [absolute, unmarked])
      assert.deepEqual(await present(store, each, start + hour + 2), gone)
    assert.deepEqual(await endOf(store, 'unmarked'), [null, null])
  },

  async 'R-51 restore: gone where a watermark covers the session, live or timed out'(store) {
    const [live, marked] = [login('live'), login('marked', { idleTimeout: 1 })]
    await createAll(store, [live, marked])
    await store.sweep(start + 2, { limit: 10, purgeBefore: 0 })
    await store.voidBefore({ realm: 'main', subject: 'u-1' }, { at: start, reason: 'credential_changed' })
    for (const each of [live, marked]) assert.deepEqual(await present(store, each, start + 3), gone)
    assert.deepEqual(await listIds(store, { state: 'any' }), ['live', 'marked'])
  },

  async 'R-53 restore: a successor of another family, realm or subject is refused, and touches neither'(
    store,
  ) {
    const [first, other] = [login('a'), login('b')]
    await createAll(store, [first, other])
    const before = [await standing(store, 'a'), await standing(store, 'b')]
    for (const wrong of [{ family: 'b' }, { family: null }, { realm: 'other' }, { subject: 'u-2' }]) {
      const to = successorOf(first, start, wrong)
      await assert.rejects(() => restore(store, 'a', first.refreshHash ?? '', to, { at: start, grace }), {
        name: 'SessionError',
        code: 'invalid_option',
      })
    }
    assert.deepEqual([await standing(store, 'a'), await standing(store, 'b')], before)
    assert.equal(await store.find('a+'), undefined)
  },

  async 'restore: an id that is taken is gone, and is not overwritten'(store) {
    const [first, other] = [login('a'), newSession({ id: 'a+', subject: 'u-2' })]
    await createAll(store, [first, other])
    assert.deepEqual(await present(store, first, start), gone)
    assert.deepEqual((await standing(store, 'a+')).session, other.session)
    assert.equal((await standing(store, 'a')).refresh?.usedAt, null)
  },

  async 'restore: what stood below the predecessor stands below the new session'(store) {
    const first = login('a')
    await createAll(store, [first, newSession({ id: 'below', parent: 'a', realm: 'shop' })])
    const result = await present(store, first, start + 1)
    assert.equal(result.status, 'spent')
    assert.deepEqual(idsOf(result.ended), ['a'])
    assert.equal((await standing(store, 'below')).session.parent, 'a+')
    const ended = await store.end({ realm: 'main', id: 'a+' }, { at: start + 2, reason: 'user_logout' })
    assert.deepEqual(idsOf(ended), ['a+', 'below'])
  },

  async 'P-16 R-54 restore: revoking one device takes its token, and leaves the other device its own'(store) {
    const [here, there] = [login('here', { idleTimeout: 1 }), login('there', { idleTimeout: 1 })]
    await createAll(store, [here, there])
    await store.sweep(start + 2, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(
      await store.end({ realm: 'main', id: 'here' }, { at: start + 3, reason: 'user_logout' }),
      [],
    )
    assert.deepEqual(await present(store, here, start + 4), gone)
    assert.equal((await present(store, there, start + 4)).status, 'spent')
  },

  async 'A-03 restore: of restorations and one end of the family at once, nothing of it stands'(store) {
    const first = login('a')
    await createAll(store, [first])
    await Promise.all([
      ...Array.from({ length: 10 }, () => present(store, first, start)),
      (async () => await store.end({ realm: 'main', family: 'a' }, { at: start, reason: 'user_logout' }))(),
      ...Array.from({ length: 10 }, () => present(store, first, start)),
    ])
    assert.deepEqual(await listIds(store), [])
    assert.notEqual((await present(store, successorOf(first, start), start)).status, 'spent')
  },

  async 'A-38 restore: changing what was handed in, or what was returned, changes nothing'(store) {
    const first = login('a')
    await createAll(store, [first])
    const to = successorOf(first, start)
    await restore(store, 'a', first.refreshHash ?? '', to, { at: start, grace })
    const before = structuredClone(await standing(store, 'a+'))
    Reflect.set(to.session, 'subject', 'tampered')
    Reflect.set(to.data, 'of', 'tampered')
    const result = await present(store, first, start)
    assert.equal(result.status, 'grace')
    Reflect.set(result.session, 'subject', 'tampered')
    assert.deepEqual(structuredClone(await standing(store, 'a+')), before)
  },
}
