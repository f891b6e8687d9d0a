import assert from 'node:assert/strict'
import type { EndReason, Instant } from '../../core/session.ts'
import type { Limit, NewSession, RestoreResult, Store } from '../../core/store.ts'
import { day, hour, minute, newSession, second, type SessionFields, start } from '../fixtures.ts'
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

const grace = 20 * second

/** A login whose device is remembered for 30 days. */
function login(id: string, fields: SessionFields = {}): NewSession {
  return newSession({ id, family: id, rememberedUntil: start + 30 * day, ...fields })
}

/** What a session is restored as: under an id that follows from its own. */
function successorOf({ session }: NewSession, at: Instant, fields: SessionFields = {}): NewSession {
  const { id, realm, subject, family } = session
  return newSession({
    id: `${id}+`,
    realm,
    subject,
    family,
    createdAt: at,
    restored: true,
    authenticatedAt: start,
    rememberedUntil: at + 30 * day,
    data: { of: id },
    ...fields,
  })
}

/** Presents the refresh token of a session. */
function present(store: Store, of: NewSession, at: Instant, limit?: Limit): Promise<RestoreResult> {
  const options = { at, grace, ...(limit === undefined ? {} : { limit }) }
  return restore(store, of.session.id, of.refreshHash ?? '', successorOf(of, at), options)
}

/** Presents the secret of a restored session, so that its answer is known to have arrived. */
async function confirm(store: Store, { session, secretHash }: NewSession): Promise<void> {
  const { id, lastSeenAt, lag } = session
  await store.touch([{ id, at: lastSeenAt, lag, confirm: secretHash }])
}

const gone = { status: 'gone' } as const

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
}
