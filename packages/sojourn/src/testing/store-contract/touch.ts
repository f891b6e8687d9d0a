import assert from 'node:assert/strict'
import type { TouchEntry } from '../../core/store.ts'
import { minute, newSession, newSessions, start } from '../fixtures.ts'
import { atOnce, createAll, endOf, type Laws, many, standing } from './law.ts'

export const touchLaws: Laws = {
  async 'ROD-23 touch: a batch moves each of its sessions to its moment, and nothing else of them'(store) {
    const entries = newSessions(3)
    await createAll(store, entries)
    await store.touch(
      entries.map(({ session }, index) => ({ id: session.id, at: start + index + 1, lag: index })),
    )
    for (const [index, { session }] of entries.entries()) {
      const seen = { ...session, lastSeenAt: start + index + 1, lag: index }
      assert.deepEqual((await standing(store, session.id)).session, seen)
    }
  },

  async 'touch: lastSeenAt never goes back; at an equal moment the smaller lag holds'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    const seenAfter = async (at: number, lag: number): Promise<readonly [number, number]> => {
      await store.touch([{ id, at: start + at, lag }])
      const { session } = await standing(store, id)
      return [session.lastSeenAt - start, session.lag]
    }
    assert.deepEqual(await seenAfter(100, 60), [100, 60])
    assert.deepEqual(await seenAfter(99, 0), [100, 60])
    assert.deepEqual(await seenAfter(100, 61), [100, 60])
    assert.deepEqual(await seenAfter(100, 5), [100, 5])
    assert.deepEqual(await seenAfter(100, 60), [100, 5])
    assert.deepEqual(await seenAfter(101, 60), [101, 60])
  },

  async 'touch: within a batch, and of many batches at once, the latest holds'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    const at = (millis: number): TouchEntry => ({ id, at: start + millis, lag: 0 })
    await store.touch([at(2), at(3), at(1)])
    assert.equal((await standing(store, id)).session.lastSeenAt, start + 3)
    await atOnce(many, (index) => store.touch([at(((index * 7) % many) + 10)]))
    assert.equal((await standing(store, id)).session.lastSeenAt, start + 9 + many)
  },

  async 'touch: unknown ids are ignored, and never inserted'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    await store.touch([])
    await store.touch([
      { id: 'nobody', at: start + 1, lag: 0 },
      { id: entry.session.id, at: start + 1, lag: 0 },
    ])
    assert.equal(await store.find('nobody'), undefined)
    assert.equal((await standing(store, entry.session.id)).session.lastSeenAt, start + 1)
  },

  async 'P-02 touch: an ended session stays as it ended'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    await store.end({ realm: 'main', id }, { at: start + 5, reason: 'user_logout' })
    const before = await standing(store, id)
    const rehash = { from: entry.secretHash, to: 'other' }
    await store.touch([{ id, at: start + 6, lag: 0, confirm: entry.secretHash, rehash }])
    assert.deepEqual(await standing(store, id), before)
  },

  async 'A-03 touch: of touches and one end at once, the end stands'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    const { id } = entry.session
    await Promise.all([
      ...Array.from(
        { length: many },
        async (_, index) => await store.touch([{ id, at: start + index, lag: 0 }]),
      ),
      store.end({ realm: 'main', id }, { at: start + 5, reason: 'user_logout' }),
    ])
    assert.deepEqual(await endOf(store, id), [start + 5, 'user_logout'])
  },

  async 'R-12 touch: counts at the deadline, and one millisecond later revives nothing'(store) {
    const [inTime, late] = [newSession({ lag: 10 }), newSession({ lag: 10 })]
    await createAll(store, [inTime, late])
    const deadline = start + 30 * minute + 10
    await store.touch([
      { id: inTime.session.id, at: deadline, lag: 0 },
      { id: late.session.id, at: deadline + 1, lag: 0 },
    ])
    assert.equal((await standing(store, inTime.session.id)).session.lastSeenAt, deadline)
    assert.equal((await standing(store, late.session.id)).session.lastSeenAt, start)
  },

  async 'R-13 touch: activity never moves the absolute timeout, and none counts after it'(store) {
    const entry = newSession({ idleTimeout: null, expiresAt: start + minute })
    await createAll(store, [entry])
    const { id } = entry.session
    await store.touch([{ id, at: start + minute, lag: 0 }])
    await store.touch([{ id, at: start + minute + 1, lag: 0 }])
    const { session } = await standing(store, id)
    assert.equal(session.lastSeenAt, start + minute)
    assert.equal(session.expiresAt, start + minute)
  },

  async 'touch: a session that a watermark covers stays as it is'(store) {
    const entry = newSession()
    await createAll(store, [entry])
    await store.voidBefore({ realm: 'main' }, { at: start, reason: 'bulk_revoked' })
    await store.touch([{ id: entry.session.id, at: start + 1, lag: 0 }])
    assert.equal((await standing(store, entry.session.id)).session.lastSeenAt, start)
  },

  async 'touch: confirms the presented secret, unless it was replaced meanwhile'(store) {
    const entry = newSession({ secretHash: 'first' })
    await createAll(store, [entry])
    const { id } = entry.session
    const confirmed = async (confirm: string): Promise<boolean> => {
      await store.touch([{ id, at: start, lag: 0, confirm }])
      return (await standing(store, id)).confirmed
    }
    await store.regenerate(id, 'first', 'second', start)
    assert.equal(await confirmed('first'), false)
    assert.equal(await confirmed('second'), true)
    await store.regenerate(id, 'second', 'third', start)
    assert.equal(await confirmed('second'), false)
    assert.equal(await confirmed('third'), true)
  },

  async 'ROD-23 touch: rewrites the hash under a newer pepper, only where it still is the old one'(store) {
    const entry = newSession({ secretHash: 'old' })
    await createAll(store, [entry])
    const { id } = entry.session
    const rehash = async (from: string, to: string): Promise<string> => {
      await store.touch([{ id, at: start, lag: 0, rehash: { from, to } }])
      return (await standing(store, id)).secretHash
    }
    assert.equal(await rehash('other', 'wrong'), 'old')
    assert.equal(await rehash('old', 'new'), 'new')
    assert.equal(await rehash('old', 'newer'), 'new')
    const { session, previousHash } = await standing(store, id)
    assert.equal(previousHash, null)
    assert.deepEqual(session, entry.session)
  },
}
