import assert from 'node:assert/strict'
import type { Watermark, WatermarkScope } from '../../core/store.ts'
import { minute, newSession, type SessionFields, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, type Laws, listIds, many, standing } from './law.ts'

const mark = (after = 0): Watermark => ({ at: start + after, reason: 'bulk_revoked' })

export const watermarkLaws: Laws = {
  async 'P-06 voidBefore: covers what was created before and at its moment, and nothing later'(store) {
    const [before, tie, after] = [-1, 0, 1].map((offset) => newSession({ createdAt: start + offset }))
    assert.ok(before && tie && after)
    await createAll(store, [before, tie, after])
    await store.voidBefore({ realm: 'main' }, mark())
    assert.deepEqual((await standing(store, before.session.id)).watermark, mark())
    assert.deepEqual((await standing(store, tie.session.id)).watermark, mark())
    assert.equal((await standing(store, after.session.id)).watermark, null)
    assert.deepEqual(await listIds(store, { at: start + 1 }), [after.session.id])
  },

  async 'voidBefore: leaves the records as they are'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    await store.voidBefore({ realm: 'main' }, mark())
    assert.deepEqual((await standing(store, entry.session.id)).session, entry.session)
  },

  async 'voidBefore: covers what is created afterwards with a moment at or before it'(store) {
    await store.voidBefore({ realm: 'main', subject: 'u-1' }, mark())
    const [tie, after] = [newSession(), newSession({ createdAt: start + 1 })]
    await createAll(store, [tie, after])
    assert.deepEqual((await standing(store, tie.session.id)).watermark, mark())
    assert.equal((await standing(store, after.session.id)).watermark, null)
  },

  async 'R-20 R-23 voidBefore: each scope covers its own, and no other'(store) {
    const fields: SessionFields = { subject: 'u-3', method: 'saml', policy: 'p-7' }
    const scopes: WatermarkScope[] = [
      { realm: 'main', subject: 'u-3' },
      { realm: 'main', method: 'saml' },
      { realm: 'main', policy: 'p-7' },
      { realm: 'main', subject: 'u-3', method: 'saml', policy: 'p-7' },
    ]
    let at = start
    for (const scope of scopes) {
      at += minute
      const match = newSession({ ...fields, createdAt: at })
      const others = [
        newSession({ createdAt: at }),
        newSession({ createdAt: at, subject: null }),
        newSession({ ...fields, createdAt: at, realm: 'other' }),
        newSession({
          ...fields,
          createdAt: at,
          ...Object.fromEntries(
            Object.entries(scope)
              .slice(1)
              .map(([key]) => [key, 'x']),
          ),
        }),
      ]
      await createAll(store, [match, ...others])
      await store.voidBefore(scope, { at, reason: 'credential_changed' })
      assert.deepEqual((await standing(store, match.session.id)).watermark, {
        at,
        reason: 'credential_changed',
      })
      for (const { session } of others) assert.equal((await standing(store, session.id)).watermark, null)
    }
  },

  async 'voidBefore: only rises; at an equal moment the first reason stands'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const after = async (at: number, reason: Watermark['reason']): Promise<Watermark | null> => {
      await store.voidBefore({ realm: 'main', subject: 'u-1' }, { at: start + at, reason })
      return (await standing(store, entry.session.id)).watermark
    }
    const first = { at: start + 5, reason: 'credential_changed' } as const
    assert.deepEqual(await after(5, 'credential_changed'), first)
    assert.deepEqual(await after(4, 'maintenance'), first)
    assert.deepEqual(await after(5, 'maintenance'), first)
    assert.deepEqual(await after(6, 'maintenance'), { at: start + 6, reason: 'maintenance' })
  },

  async 'voidBefore: of many at once the highest stands'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    await atOnce(many, (index) => store.voidBefore({ realm: 'main' }, mark((index * 7) % many)))
    assert.deepEqual((await standing(store, entry.session.id)).watermark, mark(many - 1))
  },

  async 'voidBefore: of several scopes the latest is told; at one moment the narrowest'(store) {
    const { session } = newSession()
    await createAll(store, [newSession(session)])
    const told = async (
      scope: Partial<WatermarkScope>,
      at: number,
      reason: Watermark['reason'],
    ): Promise<unknown> => {
      await store.voidBefore({ realm: 'main', ...scope }, { at: start + at, reason })
      return (await standing(store, session.id)).watermark?.reason
    }
    assert.equal(await told({}, 5, 'maintenance'), 'maintenance')
    assert.equal(await told({ policy: session.policy }, 5, 'policy_changed'), 'policy_changed')
    assert.equal(await told({ method: 'password' }, 5, 'bulk_revoked'), 'bulk_revoked')
    assert.equal(await told({ subject: 'u-1' }, 5, 'credential_changed'), 'credential_changed')
    assert.equal(
      await told({ subject: 'u-1', method: 'password' }, 5, 'account_disabled'),
      'account_disabled',
    )
    assert.equal(await told({}, 6, 'maintenance'), 'maintenance')
  },

  async 'end: what a watermark covers ends at its moment, with its reason, by nobody'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    await store.voidBefore({ realm: 'main' }, mark(5))
    const [ended] = await store.end(
      { realm: 'main', id },
      { at: start + minute, reason: 'user_logout', by: 'u-1' },
    )
    assert.deepEqual(ended, {
      ...entry.session,
      endedAt: start + 5,
      endReason: 'bulk_revoked',
      endedBy: null,
    })
  },

  async 'end: of a deadline and a watermark the earlier counts, at a tie the watermark'(store) {
    const [expired, tie] = [newSession({ idleTimeout: minute }), newSession({ idleTimeout: minute + 1 })]
    await createAll(store, [expired, tie])
    await store.voidBefore({ realm: 'main' }, mark(minute + 1))
    await store.end({ realm: 'main' }, { at: start + 5 * minute, reason: 'maintenance' })
    assert.deepEqual(await endOf(store, expired.session.id), [start + minute, 'idle_timeout'])
    assert.deepEqual(await endOf(store, tie.session.id), [start + minute + 1, 'bulk_revoked'])
  },

  async 'end: no end lies in the future, though a watermark of a faster clock does'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    await store.voidBefore({ realm: 'main' }, mark(minute))
    await store.end({ realm: 'main' }, { at: start + 1, reason: 'user_logout' })
    assert.deepEqual(await endOf(store, entry.session.id), [start + 1, 'bulk_revoked'])
  },
}
