import assert from 'node:assert/strict'
import type { SweepResult } from '../../core/store.ts'
import { day, hour, minute, newSession, newSessions, second, start } from '../fixtures.ts'
import { createAll, endOf, idsOf, type Laws, listIds, restore, standing } from './law.ts'

const remembered = { family: 'f', idleTimeout: minute, rememberedUntil: start + 30 * day } as const
const forever = { idleTimeout: null, expiresAt: null } as const
const nothing = { ended: [], purged: 0, minimised: 0, more: false }

export const retentionLaws: Laws = {
  async 'SLI-25 sweep: what can be restored is kept, and purged once its token is dead and retention is over'(
    store,
  ) {
    await createAll(store, [
      newSession({ id: 'restorable', ...remembered }),
      newSession({ id: 'forgotten', idleTimeout: minute }),
      newSession({ id: 'revoked', ...remembered }),
    ])
    await store.end({ realm: 'main', id: 'revoked' }, { at: start, reason: 'user_logout' })
    await store.sweep(start + hour, { limit: 10, purgeBefore: 0 })
    const sweep = async (now: number, purgeBefore: number): Promise<number> =>
      (await store.sweep(now, { limit: 10, purgeBefore, minimiseBefore: purgeBefore })).purged
    const dead = start + 30 * day + 1
    assert.equal(await sweep(dead - 1, dead - 1), 2)
    assert.deepEqual(await listIds(store, { state: 'any' }), ['restorable'])
    const { session, refresh } = await standing(store, 'restorable')
    assert.deepEqual([session.rememberedUntil, refresh?.usedAt], [start + 30 * day, null])
    assert.equal(session.ip, '203.0.113.7')
    assert.equal(await sweep(dead, start + minute), 0, 'retention is not over')
    assert.equal((await standing(store, 'restorable')).refresh, undefined)
    assert.equal(await sweep(dead, start + minute + 1), 1)
  },

  async 'R-50 sweep: a spent token is known until retention has passed since its use'(store) {
    const first = newSession({ id: 'a', ...remembered })
    await createAll(store, [first])
    await store.sweep(start + hour, { limit: 10, purgeBefore: 0 })
    const at = start + 20 * day
    const to = newSession({ id: 'a+', ...forever, createdAt: at, family: 'f', rememberedUntil: at + day })
    const options = { at, grace: 20 * second }
    assert.equal((await restore(store, 'a', first.refreshHash ?? '', to, options)).status, 'spent')
    const purge = { limit: 10, purgeBefore: at, minimiseBefore: at }
    assert.deepEqual(await store.sweep(at, purge), nothing)
    assert.equal((await restore(store, 'a', first.refreshHash ?? '', to, options)).status, 'grace')
    assert.equal((await store.sweep(at + 1, { ...purge, purgeBefore: at + 1 })).purged, 1)
    assert.deepEqual(await listIds(store, { state: 'any' }), ['a+'])
  },

  async 'SLI-26 P-12 sweep: what ended before the moment loses its details, and keeps what it ended as'(
    store,
  ) {
    const entries = ['before', 'at-it', 'live', 'restorable'].map((id) =>
      newSession({
        id,
        fingerprint: 'print',
        data: { cart: ['x'] },
        ...(id === 'restorable' ? remembered : forever),
      }),
    )
    await createAll(store, entries)
    await store.end({ realm: 'main', id: 'before' }, { at: start - 1, reason: 'user_logout', by: 'u-1' })
    await store.end({ realm: 'main', id: 'at-it' }, { at: start, reason: 'user_logout' })
    await store.sweep(start + hour, { limit: 10, purgeBefore: 0 })
    const minimise = { limit: 10, purgeBefore: 0, minimiseBefore: start }
    assert.deepEqual(await store.sweep(start + hour, minimise), { ...nothing, minimised: 1 })
    const { session, data } = await standing(store, 'before')
    assert.deepEqual(session, {
      ...entries[0]?.session,
      ip: null,
      userAgent: null,
      fingerprint: null,
      endedAt: start - 1,
      endReason: 'user_logout',
      endedBy: 'u-1',
    })
    assert.deepEqual({ ...data }, {})
    assert.equal(Object.getPrototypeOf(data), null)
    const later = { ...minimise, minimiseBefore: start + 10 * hour }
    assert.deepEqual(await store.sweep(start + hour, minimise), nothing)
    assert.deepEqual(await store.sweep(start + hour, later), { ...nothing, minimised: 1 })
    for (const id of ['live', 'restorable']) {
      const found = await standing(store, id)
      assert.deepEqual([found.session.ip, found.session.fingerprint], ['203.0.113.7', 'print'], id)
      assert.deepEqual({ ...found.data }, { cart: ['x'] }, id)
    }
    assert.equal((await store.sweep(start + 30 * day + 1, later)).minimised, 1, 'its token is dead')
  },

  async 'SLI-26 sweep: each detail is removed, though it is the only one'(store) {
    const bare = { ip: null, userAgent: null, data: {} }
    await createAll(store, [
      newSession({ ...bare, ip: '::1' }),
      newSession({ ...bare, userAgent: 'curl/8' }),
      newSession({ ...bare, fingerprint: 'print' }),
      newSession({ ...bare, data: { cart: 1 } }),
      newSession(bare),
    ])
    await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    const minimise = { limit: 10, purgeBefore: 0, minimiseBefore: start + 1 }
    assert.deepEqual(await store.sweep(start + 1, minimise), { ...nothing, minimised: 4 })
    const { items } = await store.list({ realm: 'main', at: start, state: 'ended', limit: 10 })
    for (const { id, ip, userAgent, fingerprint } of items) {
      assert.deepEqual([ip, userAgent, fingerprint], [null, null, null])
      assert.deepEqual(Object.keys((await standing(store, id)).data), [])
    }
  },

  async 'SLI-27 sweep: takes details in bounded batches, each once, and purges what has none'(store) {
    await createAll(store, newSessions(12))
    await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    const sweep = (): Promise<SweepResult> | SweepResult =>
      store.sweep(start + hour, { limit: 5, purgeBefore: 0, minimiseBefore: start + 1 })
    const rounds = [await sweep(), await sweep(), await sweep(), await sweep()]
    assert.deepEqual(
      rounds.map(({ minimised, more }) => [minimised, more]),
      [
        [5, true],
        [5, true],
        [2, false],
        [0, false],
      ],
    )
    assert.equal((await store.sweep(start + hour, { limit: 50, purgeBefore: start + 1 })).purged, 12)
  },

  async 'ROD-33 sweep: of one subject takes the details and the dead tokens of that subject alone'(store) {
    await createAll(store, [
      newSession({ id: 'mine', ...remembered }),
      newSession({ id: 'ended' }),
      newSession({ id: 'theirs', subject: 'u-2', ...remembered }),
      newSession({ id: 'their-ended', subject: 'u-2' }),
    ])
    for (const id of ['ended', 'their-ended'])
      await store.end({ realm: 'main', id }, { at: start, reason: 'user_logout' })
    await store.sweep(start + hour, { limit: 10, purgeBefore: 0 })
    const of = { realm: 'main', subject: 'u-1' }
    const minimiseBefore = start + day
    const now = start + 30 * day + 1
    const first = await store.sweep(now - 1, { limit: 10, purgeBefore: 0, minimiseBefore, of })
    assert.equal(first.minimised, 1)
    const second = await store.sweep(now, { limit: 10, purgeBefore: 0, minimiseBefore, of })
    assert.equal(second.minimised, 1)
    for (const [id, ip] of [
      ['mine', null],
      ['ended', null],
      ['theirs', '203.0.113.7'],
      ['their-ended', '203.0.113.7'],
    ] as const) {
      assert.equal((await standing(store, id)).session.ip, ip, id)
    }
    assert.notEqual((await standing(store, 'theirs')).refresh, undefined)
    assert.equal((await store.sweep(now, { limit: 10, purgeBefore: now, of })).purged, 2)
    assert.equal((await listIds(store, { state: 'any' })).length, 2)
  },

  async 'R-51 sweep: a watermark that goes takes with it what it kept from being restored'(store) {
    const entries = [
      newSession({ id: 'covered', ...remembered }),
      newSession({ id: 'other-method', ...remembered, method: 'saml' }),
      newSession({ id: 'other-policy', ...remembered, policy: 'other' }),
      newSession({ id: 'covered-too', ...remembered }),
      newSession({ id: 'later', ...remembered, createdAt: start + 1 }),
    ]
    await createAll(store, entries)
    await store.sweep(start + hour, { limit: 10, purgeBefore: 0 })
    const scope = { realm: 'main', subject: 'u-1', method: 'password', policy: 'test' }
    await store.voidBefore(scope, { at: start, reason: 'credential_changed' })
    const restorable = { state: 'restorable', at: start + day } as const
    const others = ['later', 'other-method', 'other-policy']
    assert.deepEqual((await listIds(store, restorable)).toSorted(), others)
    for (let more = true; more;)
      ({ more } = await store.sweep(start + day, { limit: 1, purgeBefore: start + 1 }))
    const probe = newSession({ createdAt: start - 1 })
    await createAll(store, [probe])
    assert.equal((await standing(store, probe.session.id)).watermark, null, 'it is gone')
    assert.deepEqual((await listIds(store, restorable)).toSorted(), others)
    const to = newSession({ id: 'new', family: 'f', createdAt: start + day })
    const options = { at: start + day, grace: 0 }
    for (const [index, status] of ['gone', 'spent'].entries()) {
      const { session, refreshHash = '' } = entries[index] ?? newSession()
      assert.equal((await restore(store, session.id, refreshHash, to, options)).status, status)
    }
    assert.deepEqual(await endOf(store, 'covered'), [start + minute, 'idle_timeout'])
    assert.deepEqual(
      idsOf(await store.end({ realm: 'main', id: 'covered' }, { at: start, reason: 'user_logout' })),
      [],
    )
  },
}
