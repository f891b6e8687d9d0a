import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Store } from '../../src/core/store.ts'
import { day, hour, minute, second } from '../../src/core/duration.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { start } from '../../src/testing/fixtures.ts'
import { anEngine, browser, stores } from './an-engine.ts'
import { around, counting, distant, turn } from './around.ts'

const idle = { complete: false, marked: 0, purged: 0, minimised: 0 }

for (const [name, open] of stores)
  describe(`runners of sweeps on ${name}`, () => {
    /** Two nodes over one store, and sessions that are over. */
    async function nodes(count: number, wrap: (store: Store) => Store = (store) => store) {
      const store = open()
      const clock = new FakeClock(start)
      const one = anEngine({ store: wrap(store), clock })
      const two = anEngine({ store: wrap(store), clock })
      for (let index = 0; index < count; index++) await one.login(`u-${index}`)
      clock.advance(day)
      return { store, clock, one, two }
    }

    test('SLI-27 P-17 two runners are harmless: one works, each end is told once', async () => {
      const { one, two } = await nodes(250, distant)
      const [first, second] = await Promise.all([one.engine.sweep(), two.engine.sweep()])
      const [worked, waited] = first.complete ? [first, second] : [second, first]
      assert.deepEqual(worked, { complete: true, marked: 250, purged: 0, minimised: 0 })
      assert.deepEqual(waited, idle)
      const told = [...one.ended(), ...two.ended()]
      assert.equal(told.length, 250)
      assert.equal(new Set(told.map(([id]) => id)).size, 250)
    })

    test('whoever is done leaves the work to others at once', async () => {
      const { one, two, clock } = await nodes(1)
      assert.equal((await one.engine.sweep()).complete, true)
      await one.login()
      clock.advance(day)
      assert.deepEqual(await two.engine.sweep(), { complete: true, marked: 1, purged: 0, minimised: 0 })
    })

    test('a runner that was cut off keeps the others waiting for half a minute and no longer', async () => {
      const { one, two, store, clock } = await nodes(1)
      const cut = anEngine({
        clock,
        store: around(store, (verb, run) => {
          if (verb === 'sweep') throw new Error('killed')
          return run()
        }),
      })
      await assert.rejects(cut.engine.sweep(), { code: 'store_unavailable' })
      clock.advance(30 * second)
      assert.deepEqual(await one.engine.sweep(), idle)
      clock.advance(1)
      assert.equal((await two.engine.sweep()).marked, 1)
    })

    test('a runner that has lost its lease midway stops, and the one who has it does the rest', async () => {
      const { store, two, clock } = await nodes(250)
      let batches = 0
      const slow = anEngine({
        clock,
        store: around(store, (verb, run) => {
          const answer = run()
          // A pause of the process that is longer than the lease, in which another begins.
          if (verb === 'sweep' && ++batches === 1) {
            clock.advance(31 * second)
            assert.equal(store.lease('sweep:main', 'another', clock.now(), clock.now() + minute), true)
          }
          return answer
        }),
      })
      assert.deepEqual(await slow.engine.sweep(), { complete: false, marked: 100, purged: 0, minimised: 0 })
      assert.equal(batches, 1)
      clock.advance(minute + 1)
      assert.equal((await two.engine.sweep()).marked, 150)
    })

    test('P-17 realms that share a store are swept by their own runners, retention and listeners', async () => {
      const store = open()
      const clock = new FakeClock(start)
      const policy = { idleTimeout: '1h', minimiseAfter: '1d' } as const
      const short = anEngine({ store, clock, realm: 'staff', policy: { ...policy, retention: '1d' } })
      const long = anEngine({ store, clock, realm: 'customers', policy: { ...policy, retention: '30d' } })
      const [ofStaff, ofCustomer] = [await short.login(), await long.login()]
      await store.lease('sweep:customers', 'another', start, start + 2 * day)
      clock.advance(2 * day)
      assert.equal((await short.engine.sweep()).marked, 1)
      assert.deepEqual(short.ended(), [[ofStaff.session.id, 'idle_timeout']])
      assert.deepEqual(long.ended(), [])
      clock.advance(1)
      assert.equal((await long.engine.sweep()).marked, 1)
      assert.deepEqual(long.ended(), [[ofCustomer.session.id, 'idle_timeout']])
      clock.advance(day)
      assert.equal((await short.engine.sweep()).purged, 1)
      assert.notEqual(await long.engine.get(ofCustomer.session.id), undefined)
    })

    test("ROD-33 one subject's own sweep asks for no lease", async () => {
      const { one, two, store, clock } = await nodes(1)
      await store.lease('sweep:main', 'another', clock.now(), clock.now() + hour)
      assert.equal((await one.engine.sweep('u-0')).marked, 1)
      assert.deepEqual(await two.engine.sweep(), idle)
    })

    test('P-12 SLI-26 the details of the ended go after a period, the record with its reason after the retention', async () => {
      const policy = { minimiseAfter: '7d', retention: '30d', fingerprint: 'ua-exact' } as const
      const { login, engine, clock } = anEngine({ store: open(), policy })
      const { session } = await login('u-1', { data: { cart: ['a'] } })
      await engine.end({ id: session.id }, 'admin_revoked', 'ada')
      clock.advance(7 * day)
      assert.equal((await engine.sweep()).minimised, 0)
      assert.equal((await engine.get(session.id))?.ip, '203.0.113.7')
      clock.advance(1)
      assert.deepEqual(await engine.sweep(), { complete: true, marked: 0, purged: 0, minimised: 1 })
      const kept = await engine.get(session.id)
      assert.deepEqual([kept?.ip, kept?.userAgent, kept?.fingerprint], [null, null, null])
      assert.deepEqual(
        [kept?.subject, kept?.endReason, kept?.endedBy, kept?.endedAt],
        ['u-1', 'admin_revoked', 'ada', start],
      )
      assert.deepEqual({ ...(await engine.data.read(session.id)) }, {})
      assert.deepEqual(
        (await engine.list({ state: 'ended' })).items.map(({ id }) => id),
        [session.id],
        'it is still listed',
      )
      clock.set(start + 30 * day + 1)
      assert.equal((await engine.sweep()).purged, 1)
      assert.equal(await engine.get(session.id), undefined)
    })

    test('SLI-25 what can be restored keeps its details and its data', async () => {
      const { login, engine, clock } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const { session, refresh } = await login('u-1', { remember: true, data: { cart: ['a'] } })
      clock.advance(20 * day)
      assert.equal((await engine.sweep()).minimised, 0)
      assert.notEqual((await engine.get(session.id))?.ip, null)
      const restored = await engine.restore(refresh?.reveal() ?? '', {
        userAgent: browser,
        ip: null,
        passive: false,
      })
      assert.ok(restored.state === 'restored')
      assert.deepEqual({ ...restored.started.data }, { cart: ['a'] })
    })

    test('SLI-24 of two nodes that sweep by the clock, whoever comes second finds nothing to do', async () => {
      const store = open()
      const clock = new FakeClock(start)
      const [one, two] = [
        anEngine({ store, clock, sweepEvery: minute }),
        anEngine({ store, clock, sweepEvery: minute }),
      ]
      await one.login()
      clock.advance(2 * hour)
      for (let rounds = 0; rounds < 3; rounds++) {
        clock.advance(minute)
        await turn()
      }
      assert.equal(one.ended().length + two.ended().length, 1)
      await one.engine.close()
      if (name === 'memory') await two.engine.close()
    })
  })

test('a sweep asks for its lease with every batch, and gives it back', async () => {
  const { store, calls } = counting(anEngine().store)
  const { login, engine, clock } = anEngine({ store })
  for (let index = 0; index < 250; index++) await login(`u-${index}`)
  clock.advance(day)
  await engine.sweep()
  assert.equal(calls['sweep'], 3)
  assert.equal(calls['lease'], 4)
})
