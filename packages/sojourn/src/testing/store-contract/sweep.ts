import assert from 'node:assert/strict'
import type { Session } from '../../core/session.ts'
import type { Store } from '../../core/store.ts'
import { hour, minute, newSession, newSessions, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, type Laws, listIds, many, sortedIds, standing } from './law.ts'

/** Sweeps until there is no more to do; fails where that takes longer than the rows allow. */
export async function sweepAll(
  store: Store,
  now: number,
  limit = 5,
  purgeBefore = 0,
): Promise<{ ended: Session[]; purged: number }> {
  const ended: Session[] = []
  let purged = 0
  for (let round = 0; round < 500; round++) {
    const result = await store.sweep(now, { limit, purgeBefore })
    assert.ok(result.ended.length <= limit && result.purged <= limit, 'a batch is bounded')
    ended.push(...result.ended)
    purged += result.purged
    if (!result.more) return { ended, purged }
  }
  assert.fail('sweeping finds no end')
}

export const sweepLaws: Laws = {
  async 'SLI-03 SLI-24 sweep: marks the expired at their deadline, with the reason, whenever it runs'(store) {
    const [idle, absolute, live, forever] = [
      newSession({ lag: 10 }),
      newSession({ expiresAt: start + 20 * minute }),
      newSession({ idleTimeout: 3 * hour }),
      newSession({ idleTimeout: null, expiresAt: null }),
    ]
    await createAll(store, [idle, absolute, live, forever])
    const { ended } = await sweepAll(store, start + 2 * hour)
    assert.deepEqual(sortedIds(ended), [idle.session.id, absolute.session.id].toSorted())
    assert.deepEqual(await endOf(store, idle.session.id), [start + 30 * minute + 10, 'idle_timeout'])
    assert.deepEqual(await endOf(store, absolute.session.id), [start + 20 * minute, 'absolute_timeout'])
    for (const session of ended) assert.deepEqual((await standing(store, session.id)).session, session)
    for (const { session } of [live, forever])
      assert.deepEqual((await standing(store, session.id)).session, session)
    assert.deepEqual(await sweepAll(store, start + 2 * hour), { ended: [], purged: 0 })
  },

  async 'SLI-02 sweep: leaves a session at its deadline and marks it one millisecond later'(store) {
    const { session } = newSession()
    await createAll(store, [newSession(session)])
    assert.deepEqual((await sweepAll(store, start + 30 * minute)).ended, [])
    const { ended } = await sweepAll(store, start + 30 * minute + 1)
    assert.deepEqual(ended, [{ ...session, endedAt: start + 30 * minute, endReason: 'idle_timeout' }])
  },

  async 'sweep: a session that was touched is marked at its new deadline'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    for (const at of [20, 40, 60]) {
      await store.touch([{ id, at: start + at * minute, lag: 7 }])
      assert.deepEqual((await sweepAll(store, start + (at + 30) * minute + 7)).ended, [])
    }
    await sweepAll(store, start + 90 * minute + 8)
    assert.deepEqual(await endOf(store, id), [start + 90 * minute + 7, 'idle_timeout'])
  },

  async 'SLI-27 sweep: works in bounded batches, and says whether there may be more'(store) {
    await createAll(store, newSessions(12))
    const first = await store.sweep(start + hour, { limit: 5, purgeBefore: 0 })
    assert.equal(first.ended.length, 5)
    assert.equal(first.more, true)
    const { ended } = await sweepAll(store, start + hour)
    assert.equal(ended.length, 7)
    assert.equal((await listIds(store, { state: 'ended' })).length, 12)
  },

  async 'SLI-26 sweep: purges what ended before the moment told, and nothing that ended at it or lives'(
    store,
  ) {
    const entries = newSessions(4, () => ({ idleTimeout: null, expiresAt: null }))
    await createAll(store, entries)
    const [before, atIt, after, live] = entries.map(({ session }) => session.id)
    for (const [id, offset] of [
      [before, -1],
      [atIt, 0],
      [after, 1],
    ] as const) {
      await store.end({ realm: 'main', id: id ?? '' }, { at: start + offset, reason: 'user_logout' })
    }
    assert.deepEqual(await sweepAll(store, start + hour, 5, start), { ended: [], purged: 1 })
    assert.equal(await store.find(before ?? ''), undefined)
    assert.deepEqual(
      sortedIds((await store.list({ realm: 'main', at: start, state: 'any', limit: 10 })).items),
      entries
        .slice(1)
        .map(({ session }) => session.id)
        .toSorted(),
    )
    assert.deepEqual(await sweepAll(store, start + hour, 5, start + hour), { ended: [], purged: 2 })
    assert.deepEqual(await listIds(store, { state: 'any' }), [live])
  },

  async 'P-17 sweep: purges in bounded batches, and what is purged can be created anew'(store) {
    const entries = newSessions(12)
    await createAll(store, entries)
    await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    const first = await store.sweep(start, { limit: 5, purgeBefore: start + 1 })
    assert.deepEqual([first.purged, first.more], [5, true])
    assert.equal((await sweepAll(store, start, 5, start + 1)).purged, 7)
    assert.deepEqual(await listIds(store, { state: 'any' }), [])
    await createAll(store, entries)
    assert.equal((await listIds(store, { subject: 'u-1' })).length, 12)
  },

  async 'SLI-26 sweep: an expired session is first marked, and so can be told of, before it is purged'(
    store,
  ) {
    await createAll(store, newSessions(3))
    const first = await store.sweep(start + hour, { limit: 10, purgeBefore: start + hour })
    assert.deepEqual([first.ended.length, first.purged], [3, 0])
    assert.equal((await sweepAll(store, start + hour, 5, start + hour)).purged, 3)
  },

  async 'P-06 sweep: marks what a watermark covers, at its moment and with its reason, in bounded batches'(
    store,
  ) {
    const covered = newSessions(12, (index) => ({
      createdAt: start - index,
      idleTimeout: null,
      expiresAt: null,
      method: 'saml',
    }))
    const expired = newSession({ createdAt: start - hour, method: 'saml', idleTimeout: minute })
    const others = [
      newSession({ createdAt: start - 1 }),
      newSession({ createdAt: start + 1, method: 'saml' }),
    ]
    await createAll(store, [...covered, expired, ...others])
    await store.voidBefore({ realm: 'main', method: 'saml' }, { at: start, reason: 'account_disabled' })
    const { ended } = await sweepAll(store, start + minute)
    assert.deepEqual(sortedIds(ended), [...covered, expired].map(({ session }) => session.id).toSorted())
    for (const { session } of covered)
      assert.deepEqual(await endOf(store, session.id), [start, 'account_disabled'])
    assert.deepEqual(await endOf(store, expired.session.id), [start - hour + minute, 'idle_timeout'])
    for (const { session } of others) assert.deepEqual(await endOf(store, session.id), [null, null])
  },

  async 'sweep: marks what is created under a watermark that was swept before, and what a risen one covers'(
    store,
  ) {
    const forever = { idleTimeout: null, expiresAt: null }
    const scope = { realm: 'main', subject: 'u-1' }
    await store.voidBefore(scope, { at: start, reason: 'credential_changed' })
    await sweepAll(store, start)
    const [late, later] = [
      newSession({ ...forever, createdAt: start - 1 }),
      newSession({ ...forever, createdAt: start + 1 }),
    ]
    await createAll(store, [late, later])
    assert.deepEqual(sortedIds((await sweepAll(store, start + 1)).ended), [late.session.id])
    await store.voidBefore(scope, { at: start + 1, reason: 'maintenance' })
    assert.deepEqual(sortedIds((await sweepAll(store, start + 2)).ended), [later.session.id])
    assert.deepEqual(await endOf(store, late.session.id), [start, 'credential_changed'])
    assert.deepEqual(await endOf(store, later.session.id), [start + 1, 'maintenance'])
  },

  async 'sweep: a watermark that rises while it is swept is swept from the first again'(store) {
    const forever = { idleTimeout: null, expiresAt: null }
    await createAll(
      store,
      newSessions(12, () => forever),
    )
    await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
    assert.equal((await store.sweep(start, { limit: 5, purgeBefore: 0 })).ended.length, 5)
    await createAll(
      store,
      newSessions(3, () => ({ ...forever, createdAt: start + 1 })),
    )
    await store.voidBefore({ realm: 'main' }, { at: start + 1, reason: 'maintenance' })
    assert.equal((await sweepAll(store, start + 1)).ended.length, 10)
  },

  async 'P-17 sweep: a watermark goes once all that it covers is marked and it is past retention, not before'(
    store,
  ) {
    const covered = newSessions(12, () => ({ idleTimeout: null, expiresAt: null }))
    await createAll(store, covered)
    await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
    const first = await store.sweep(start + hour, { limit: 5, purgeBefore: start + 1 })
    assert.deepEqual([first.ended.length, first.more], [5, true])
    const { ended } = await sweepAll(store, start + hour, 5, start)
    assert.equal(ended.length, 7)
    for (const { endReason } of ended) assert.equal(endReason, 'maintenance')
    const probe = newSession({ createdAt: start - 1 })
    await createAll(store, [probe])
    assert.notEqual((await standing(store, probe.session.id)).watermark, null)
    await sweepAll(store, start + hour, 5, start + 1)
    const [again] = newSessions(1, () => ({ createdAt: start - 1 }))
    assert.ok(again)
    await createAll(store, [again])
    assert.equal((await standing(store, again.session.id)).watermark, null)
  },

  async 'ROD-33 sweep: of one subject marks and purges that subject alone, in its realm'(store) {
    const mine = newSessions(3)
    const covered = newSession({ method: 'saml', idleTimeout: null, expiresAt: null })
    const old = newSession()
    const others = [
      newSession({ subject: 'u-2' }),
      newSession({ realm: 'other' }),
      newSession({ subject: null }),
    ]
    const live = newSession({ idleTimeout: 2 * hour })
    await createAll(store, [...mine, covered, old, ...others, live])
    await store.voidBefore({ realm: 'main', method: 'saml' }, { at: start, reason: 'maintenance' })
    await store.end({ realm: 'main', id: old.session.id }, { at: start, reason: 'user_logout' })
    const of = { realm: 'main', subject: 'u-1' }
    const first = await store.sweep(start + hour, { limit: 2, purgeBefore: start + 1, of })
    assert.deepEqual([first.ended.length, first.purged, first.more], [2, 1, true])
    const second = await store.sweep(start + hour, { limit: 10, purgeBefore: 0, of })
    assert.deepEqual([second.purged, second.more], [0, false])
    const ended = sortedIds([...first.ended, ...second.ended])
    assert.deepEqual(ended, [...mine, covered].map(({ session }) => session.id).toSorted())
    for (const { session } of [...others, live])
      assert.deepEqual(await endOf(store, session.id), [null, null])
  },

  async 'sweep: of many sweepers at once each session is told of by one'(store) {
    await createAll(store, newSessions(40))
    const results = await atOnce(many, () => store.sweep(start + hour, { limit: 3, purgeBefore: 0 }))
    const ended = results.flatMap((result) => sortedIds(result.ended))
    assert.equal(ended.length, 40)
    assert.equal(new Set(ended).size, 40)
  },

  async 'R-12 sweep: a touch that runs beside it is never undone: what was seen in time lives, or had ended before'(
    store,
  ) {
    const entries = newSessions(many)
    await createAll(store, entries)
    const now = start + 30 * minute + 1
    await Promise.all([
      ...entries.map(async ({ session }) => await store.touch([{ id: session.id, at: now - 1, lag: 0 }])),
      ...Array.from({ length: 10 }, async () => await store.sweep(now, { limit: 5, purgeBefore: 0 })),
    ])
    for (const { session } of entries) {
      const { session: after } = await standing(store, session.id)
      assert.equal(
        after.endedAt === null,
        after.lastSeenAt === now - 1,
        'either seen and live, or unseen and ended',
      )
    }
  },
}
