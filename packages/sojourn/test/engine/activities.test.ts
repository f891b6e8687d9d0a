import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { day } from '../../src/core/duration.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { distant } from './around.ts'

for (const [name, open] of stores)
  describe(`activities on ${name}`, () => {
    const engineOf = (policy: object = {}) => anEngine({ store: open(), policy })

    test('PCA-01 SLI-30 page views, events, social interactions, transactions and others are kept on the live session', async () => {
      const { guest, engine, clock } = engineOf()
      const { session } = await guest({ data: { cart: ['a'] } })
      await engine.activities.add(
        session.id,
        { kind: 'page_view', name: '/shoes' },
        { kind: 'event', name: 'zoom', data: { level: 2 } },
      )
      clock.advance(minute)
      await engine.activities.add(session.id, { kind: 'social_interaction', name: 'share' })
      await engine.activities.add(session.id, { kind: 'ecommerce_transaction', name: 'order 7', at: start })
      await engine.activities.add(session.id, { kind: 'custom', name: 'x' })
      const kept = await engine.activities.list(session.id)
      assert.deepEqual(
        kept.map(({ kind, name, at }) => [kind, name, at - start]),
        [
          ['page_view', '/shoes', 0],
          ['event', 'zoom', 0],
          ['social_interaction', 'share', minute],
          ['ecommerce_transaction', 'order 7', 0],
          ['custom', 'x', minute],
        ],
      )
      assert.deepEqual((await engine.data.read(session.id))?.['cart'], ['a'])
    })

    test('PCA-02 they go with the details of the session, and nobody finds them after the purge', async () => {
      const { guest, engine, clock } = engineOf({ minimiseAfter: '7d', retention: '30d' })
      const { session } = await guest()
      await engine.activities.add(session.id, { kind: 'event', name: 'x' })
      clock.advance(hour)
      await engine.sweep()
      assert.equal((await engine.activities.list(session.id)).length, 1, 'ended a moment ago')
      clock.advance(8 * day)
      await engine.sweep()
      assert.deepEqual(await engine.activities.list(session.id), [])
      assert.equal((await engine.get(session.id))?.endReason, 'idle_timeout')
      clock.advance(30 * day)
      await engine.sweep()
      assert.deepEqual(await engine.activities.list(session.id), [])
      assert.equal(await engine.get(session.id), undefined)
    })

    test('PCA-02 what is over takes no more', async () => {
      const { guest, engine, clock } = engineOf()
      const [ended, over] = [await guest(), await guest()]
      await engine.end({ id: ended.session.id }, 'maintenance')
      clock.advance(hour)
      for (const id of [ended.session.id, over.session.id, 'nothing'])
        await assert.rejects(engine.activities.add(id, { kind: 'event', name: 'x' }), {
          code: 'session_gone',
        })
    })

    test('the newest are kept, however many come at once, and none is lost', async () => {
      const { guest, engine } = anEngine({ store: distant(open()), policy: { activitiesKept: 5 } })
      const { session } = await guest()
      const { id } = session
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          engine.activities.add(id, { kind: 'event', name: `e${index}` }),
        ),
      )
      const kept = await engine.activities.list(id)
      assert.equal(kept.length, 5)
      assert.equal(new Set(kept.map(({ name }) => name)).size, 5)
      assert.equal((await engine.get(id))?.revision, 20)
    })

    test('where the policy keeps none, none are written', async () => {
      const { guest, engine } = engineOf({ activitiesKept: 0 })
      const { session } = await guest()
      await engine.activities.add(session.id, { kind: 'event', name: 'x' })
      assert.deepEqual(await engine.activities.list(session.id), [])
      assert.equal((await engine.get(session.id))?.revision, 0)
    })

    test('what does not fit is refused, and nothing of it is kept', async () => {
      const { guest, engine } = engineOf()
      const { session } = await guest()
      const good = { kind: 'event', name: 'x' } as const
      for (const bad of [
        { kind: 'purchase' as 'event', name: 'x' },
        { kind: 'event', name: '' } as const,
        { kind: 'event', name: 'x', at: start + 1 } as const,
      ])
        await assert.rejects(engine.activities.add(session.id, good, bad), { code: 'invalid_data' })
      assert.deepEqual(await engine.activities.list(session.id), [])
    })

    test('A-21 a session that is full takes no more of them', async () => {
      const { guest, engine } = engineOf()
      const { session } = await guest({ data: { big: 'x'.repeat(65_400) } })
      await assert.rejects(engine.activities.add(session.id, { kind: 'event', name: 'y'.repeat(200) }), {
        code: 'data_too_large',
      })
    })

    test('SLI-31 they come along at the login', async () => {
      const { guest, engine } = engineOf()
      const { session } = await guest()
      await engine.activities.add(session.id, { kind: 'page_view', name: '/shoes' })
      const after = await engine.upgrade(session.id, { subject: 'u-1' })
      assert.deepEqual(
        (await engine.activities.list(after?.session.id ?? '')).map(({ name }) => name),
        ['/shoes'],
      )
    })
  })
