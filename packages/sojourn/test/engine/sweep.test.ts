import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Swept } from '../../src/engine/sweep.ts'
import { memory } from '../../src/stores/memory.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import { anEngine, stores } from './an-engine.ts'
import { around, counting, turn } from './around.ts'

const day = 24 * hour

/** What a sweep has done, where it did all there was. */
function swept(done: Partial<Swept> = {}): Swept {
  return { marked: 0, purged: 0, minimised: 0, complete: true, ...done }
}

for (const [name, open] of stores)
  describe(`sweep on ${name}`, () => {
    test('SLI-03 SLI-24 without any request the idle are marked, with the moment of their deadline', async () => {
      const { login, engine, clock, live, ended } = anEngine({ store: open(), policy: 'stay-logged-in' })
      const one = await login()
      clock.advance(3 * hour)
      assert.deepEqual(await engine.sweep(), swept({ marked: 1 }))
      assert.equal((await live()).length, 0)
      const record = await engine.get(one.session.id)
      assert.deepEqual([record?.endReason, record?.endedAt], ['idle_timeout', start + 2 * hour])
      assert.deepEqual(ended(), [[one.session.id, 'idle_timeout']])
      assert.deepEqual(await engine.sweep(), swept())
    })

    test('a sweep and a late request say the same of every end', async () => {
      for (const by of ['sweep', 'request'] as const) {
        const { login, engine, clock, state, ask } = anEngine({ store: open(), policy: 'aurora' })
        const one = await login()
        clock.advance(59 * minute)
        await ask(one.token)
        clock.advance(30 * day)
        if (by === 'sweep') await engine.sweep()
        else await state(one)
        const record = await engine.get(one.session.id)
        assert.deepEqual([record?.endReason, record?.endedAt], ['idle_timeout', start + 119 * minute], by)
      }
    })

    test('SLI-26 P-17 what ended longer ago than the retention is gone, with its address; the younger stay', async () => {
      const { login, engine, clock } = anEngine({ store: open(), policy: { retention: '30d' } })
      const [old, young] = [await login(), await login()]
      await engine.end({ id: old.session.id }, 'user_logout')
      clock.advance(day)
      await engine.end({ id: young.session.id }, 'user_logout')
      clock.set(start + 30 * day)
      assert.deepEqual(await engine.sweep(), swept({ minimised: 2 }))
      clock.advance(1)
      assert.deepEqual(await engine.sweep(), swept({ purged: 1 }))
      assert.equal(await engine.get(old.session.id), undefined)
      assert.notEqual(await engine.get(young.session.id), undefined)
    })

    test('SLI-27 P-17 a large sweep goes in bounded batches and yields between them', async () => {
      const { store, calls } = counting(open())
      const { login, engine, clock, ended } = anEngine({ store })
      for (let i = 0; i < 250; i++) await login(`u-${i}`)
      clock.advance(day)
      let turns = 0
      const counted = (async () => {
        while (ended().length < 250) {
          await turn()
          turns++
        }
      })()
      assert.deepEqual(await engine.sweep(), swept({ marked: 250 }))
      await counted
      assert.ok((calls['sweep'] ?? 0) >= 3, `${calls['sweep']} batches`)
      assert.ok(turns >= 2)
    })

    test('ROD-33 sweep(subject) removes the dead rows of one account, before a check', async () => {
      const { login, engine, clock, state, ended } = anEngine({ store: open(), policy: 'rodauth' })
      const [dead, stranger] = [await login(), await login('u-2')]
      clock.advance(25 * hour)
      const live = await login()
      assert.deepEqual(await engine.sweep('u-1'), swept({ marked: 1 }))
      assert.deepEqual(ended(), [[dead.session.id, 'idle_timeout']])
      assert.equal((await engine.get(stranger.session.id))?.endedAt, null)
      assert.equal(await state(live), 'active')
    })

    test('ROD-33 with both deadlines off there are no dead rows', async () => {
      const policy = { extends: 'rodauth', idleTimeout: null, absoluteTimeout: null } as const
      const { login, engine, clock } = anEngine({ store: open(), policy })
      await login()
      clock.advance(10_000 * day)
      assert.deepEqual(await engine.sweep('u-1'), swept())
    })

    test("ROD-07 a check on a live session also removes that account's dead rows", async () => {
      const { login, ask, clock, ended, engine } = anEngine({ store: open(), policy: 'rodauth' })
      const dead = [await login(), await login()]
      await login('u-2')
      clock.advance(20 * hour)
      const live = await login()
      clock.advance(10 * hour)
      await ask(live.token)
      await turn()
      assert.deepEqual(new Set(ended().map(([id]) => id)), new Set(dead.map(({ session }) => session.id)))
      assert.equal((await engine.list({ state: 'ended' })).items.length, 2)
    })
  })

test('ROD-07 a check sweeps only where the policy says so, and for a subject that is due for a touch', async () => {
  const { store, calls } = counting(memory())
  const lazy = anEngine({ store, policy: 'stay-logged-in' })
  const one = await lazy.login()
  lazy.clock.advance(hour)
  await lazy.ask(one.token)
  assert.equal(calls['sweep'], undefined)
  const eager = anEngine({ store, policy: 'rodauth', clock: lazy.clock })
  const [other, guest] = [await eager.login(), await eager.guest()]
  await eager.ask(other.token)
  lazy.clock.advance(20 * minute)
  await eager.ask(guest.token)
  await eager.ask(other.token, { passive: true })
  assert.equal(calls['sweep'], undefined)
  await eager.ask(other.token)
  assert.equal(calls['sweep'], 1)
})

test('ROD-07 a sweep of a check that fails is reported, and the request goes on', async () => {
  const store = around(memory(), (verb, run) => {
    if (verb === 'sweep') throw new Error('locked')
    return run()
  })
  const { login, state, clock, errors } = anEngine({ store, policy: 'rodauth' })
  const one = await login()
  clock.advance(hour)
  assert.equal(await state(one), 'active')
  await turn()
  assert.equal(errors.length, 1)
})

test('a regular sweep goes on after a failure, and stops when the engine closes', async () => {
  let failing = true
  const { store, calls } = counting(
    around(memory(), (verb, run) => {
      if (verb === 'sweep' && failing) throw new Error('locked')
      return run()
    }),
  )
  const { engine, login, clock, errors, ended } = anEngine({ store, sweepEvery: minute })
  await login()
  clock.advance(minute)
  await turn()
  assert.match(String(errors[0]), /the session store failed/)
  failing = false
  for (let i = 0; i < 180; i++) {
    clock.advance(minute)
    await turn()
  }
  assert.equal(ended().length, 1)
  const before = calls['sweep']
  await engine.close()
  clock.advance(hour)
  await turn()
  assert.equal(calls['sweep'], before)
  assert.equal(clock.waiting, 0, 'no timer is left')
})

test('one regular sweep is over before the next begins, and a closing engine waits for it', async () => {
  const order: string[] = []
  const store = around(memory(), (verb, run) => {
    if (verb !== 'sweep') return run()
    order.push('begins')
    return new Promise((resolve) => {
      setImmediate(() => {
        order.push('ends')
        resolve({ ended: [], purged: 0, more: true })
      })
    })
  })
  const { engine, clock } = anEngine({ store, sweepEvery: second })
  clock.advance(second)
  clock.advance(second)
  await engine.close()
  assert.deepEqual(order, ['begins', 'ends'])
})

test('sweepEvery that is no span is refused', () => {
  for (const sweepEvery of [0, -1, 1.5, Number.NaN])
    assert.throws(() => anEngine({ sweepEvery }), {
      code: 'invalid_option',
      message: /^sweepEvery: expected/,
    })
})
