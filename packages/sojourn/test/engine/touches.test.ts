import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TouchEntry } from '../../src/core/store.ts'
import { Touches } from '../../src/engine/touches.ts'
import { memory } from '../../src/stores/memory.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import { anEngine } from './an-engine.ts'
import { around, counting, distant, turn } from './around.ts'

const every = 36 * second

function someTouches() {
  const clock = new FakeClock(start)
  const written: (readonly TouchEntry[])[] = []
  const touches = new Touches(clock, (entries) => void written.push(entries))
  return { clock, touches, written }
}

test('touches of one turn are written as one batch, with a lag', () => {
  const { clock, touches, written } = someTouches()
  touches.touch('a', start, every)
  touches.touch('b', start, every)
  touches.touch('a', start, every)
  assert.equal(written.length, 0)
  clock.advance(0)
  assert.deepEqual(written, [
    [
      { id: 'a', at: start, lag: every },
      { id: 'b', at: start, lag: every },
    ],
  ])
})

test('a request that what is written covers costs no write; the next one does', () => {
  const { clock, touches, written } = someTouches()
  touches.touch('a', start, every)
  clock.advance(every - 1)
  touches.touch('a', clock.now(), every)
  clock.advance(0)
  assert.equal(written.length, 1)
  clock.advance(2)
  touches.touch('a', clock.now(), every)
  clock.advance(0)
  assert.deepEqual(written[1], [{ id: 'a', at: start + every + 1, lag: every }])
})

test('a session that has been quiet is written once more, exactly', () => {
  const { clock, touches, written } = someTouches()
  touches.touch('a', start, every)
  clock.advance(10 * second)
  touches.note('a', clock.now(), start + every, every)
  clock.advance(2 * every)
  assert.deepEqual(written.at(-1), [{ id: 'a', at: start + 10 * second, lag: 0 }])
  assert.equal(written.length, 2)
  assert.equal(touches.lastSeen('a'), undefined)
  assert.equal(clock.waiting, 0, 'nothing more to do')
})

test('a session that is in use all the time is not settled, and costs one write every `every`', () => {
  const { clock, touches, written } = someTouches()
  touches.touch('a', start, every)
  for (let i = 0; i < 360; i++) {
    clock.advance(second)
    if (clock.now() - start > written.length * (every + second)) touches.touch('a', clock.now(), every)
    else touches.note('a', clock.now(), 0, every)
  }
  assert.ok(written.flat().every(({ lag }) => lag === every))
  assert.ok(written.length <= 11, `${written.length}`)
})

test('sessions of different rhythms settle each in its own time', () => {
  const { clock, touches, written } = someTouches()
  touches.note('slow', start, start + minute, minute)
  touches.note('quick', start, start + second, second)
  clock.advance(2 * second)
  assert.deepEqual(written, [[{ id: 'quick', at: start, lag: 0 }]])
  clock.advance(2 * minute)
  assert.deepEqual(written[1], [{ id: 'slow', at: start, lag: 0 }])
})

test('what has ended is forgotten', () => {
  const { clock, touches, written } = someTouches()
  touches.note('a', start, start + every, every)
  touches.forget('a')
  clock.advance(hour)
  assert.deepEqual(written, [])
})

test('a session that ends is not written again', async () => {
  const { store, calls } = counting(memory())
  const { login, engine, clock } = anEngine({ store })
  const { session } = await login()
  await engine.end({ id: session.id }, 'user_logout')
  clock.advance(hour)
  assert.equal(calls['touch'], undefined)
  assert.equal(clock.waiting, 0)
})

test('a flush writes all there is, exactly, and waits until it is written', async () => {
  const clock = new FakeClock(start)
  let written = 0
  const touches = new Touches(clock, async (entries) => {
    await turn()
    written += entries.length
  })
  touches.touch('a', start, every)
  clock.advance(0)
  touches.note('b', start, start + every, every)
  await touches.flush()
  assert.equal(written, 3)
  assert.equal(clock.waiting, 0)
})

test('P-05 a hundred requests within touchEvery cost at most one write, and none before the last', async () => {
  const { store, calls } = counting(memory())
  const { login, ask, clock } = anEngine({ store, policy: 'aurora' })
  const one = await login()
  for (let i = 0; i < 100; i++) {
    clock.advance(350)
    await ask(one.token)
  }
  assert.equal(calls['touch'], undefined)
  assert.equal(calls['find'], 100, 'one read a request')
  clock.advance(59 * minute)
  assert.equal(calls['touch'], 1)
})

test('P-05 a hundred parallel requests of a session that is due cost one write', async () => {
  const { store, calls } = counting(memory())
  const { login, ask, clock } = anEngine({ store: distant(store), policy: 'aurora' })
  const one = await login()
  clock.advance(10 * minute)
  await turn()
  calls['touch'] = 0
  await Promise.all(Array.from({ length: 100 }, () => ask(one.token)))
  clock.advance(0)
  await turn()
  await turn()
  assert.equal(calls['touch'], 1)
})

test('P-05 P-15 passive requests write nothing', async () => {
  const { store, calls } = counting(memory())
  const { login, ask, clock } = anEngine({ store, policy: { extends: 'aurora', regenerateEvery: '1m' } })
  const one = await login()
  clock.advance(2 * minute)
  calls['touch'] = 0
  for (let i = 0; i < 50; i++) {
    clock.advance(minute)
    await ask(one.token, { passive: true })
  }
  assert.equal(calls['touch'], 0)
  assert.deepEqual(Object.keys(calls).toSorted(), ['create', 'find', 'touch'])
})

test('ROD-20 without an idle timeout a check writes nothing', async () => {
  const { store, calls } = counting(memory())
  const { login, ask, clock, engine } = anEngine({ store, policy: { extends: 'rodauth', idleTimeout: null } })
  const one = await login()
  for (let i = 0; i < 20; i++) {
    clock.advance(24 * hour)
    await ask(one.token)
  }
  await engine.flush()
  assert.equal(calls['touch'], undefined)
})

test('SLI-20 the last activity in a list is that of the last request, within touchEvery', async () => {
  const { login, ask, clock, live } = anEngine({ policy: 'stay-logged-in' })
  const one = await login()
  for (const pause of [20 * second, 50 * second, 3 * minute, 7 * second]) {
    clock.advance(pause)
    await ask(one.token)
    clock.advance(0)
    const [listed] = await live()
    assert.ok(listed !== undefined && clock.now() - listed.lastSeenAt <= minute)
  }
  const last = clock.now()
  clock.advance(2 * minute)
  assert.deepEqual(
    (await live()).map(({ lastSeenAt, lag }) => [lastSeenAt, lag]),
    [[last, 0]],
  )
})

test('a process that dies before it settled: late by touchEvery at worst, never early', async () => {
  for (const pause of [0, 5 * second, 35 * second, 36 * second, 10 * minute]) {
    const dying = anEngine({ policy: 'aurora', clock: new FakeClock(start) })
    const one = await dying.login()
    // Quick requests, then one after a pause; then the process is gone, and its timers with it.
    for (let i = 0; i < 10; i++) {
      dying.clock.advance(4 * second)
      await dying.ask(one.token)
    }
    dying.clock.advance(pause)
    await dying.ask(one.token)
    dying.clock.advance(0)
    const last = dying.clock.now()
    const at = (moment: number) =>
      anEngine({ policy: 'aurora', store: dying.store, clock: new FakeClock(moment) })
    const end = last + 60 * minute
    assert.equal(await at(end).state(one, { passive: true }), 'active', `never early, pause ${pause}`)
    assert.equal(await at(end + every + 1).state(one, { passive: true }), 'idle_timeout', `pause ${pause}`)
  }
})

test('a touch that could not be written is reported, and the process that saw it knows better', async () => {
  const inner = memory()
  const store = around(inner, (verb, run) => {
    if (verb === 'touch') throw new Error('disk full')
    return run()
  })
  const { login, ask, clock, state, errors } = anEngine({
    store,
    policy: { idleTimeout: '10m', touchEvery: '5m' },
  })
  const one = await login()
  clock.advance(9 * minute)
  await ask(one.token)
  clock.advance(0)
  await turn()
  assert.match(String(errors[0]), /the session store failed/)
  clock.advance(3 * minute)
  assert.equal(await state(one, { passive: true }), 'active')
})

test('an engine that closes writes what it held back, before its store closes', async () => {
  const inner = memory()
  const closed: string[] = []
  const store = around(inner, async (verb, run) => {
    await turn()
    closed.push(verb)
    return verb === 'close' ? undefined : run()
  })
  const { login, ask, clock, engine } = anEngine({
    store: Object.assign(store, { close() {} }),
    policy: 'aurora',
  })
  const one = await login()
  clock.advance(20 * second)
  await ask(one.token)
  await engine.close()
  assert.deepEqual(closed.slice(-2), ['touch', 'close'])
  assert.equal((await inner.find(one.session.id))?.session.lastSeenAt, start + 20 * second)
})

test('a person who asks to stay signed in is seen, also between touches', async () => {
  const { login, engine, clock, state } = anEngine({ policy: 'aurora' })
  const one = await login()
  clock.advance(59 * minute)
  const touched = await engine.touch(one.session.id)
  assert.equal(touched?.lastSeenAt, clock.now())
  clock.advance(60 * minute)
  assert.equal(await state(one, { passive: true }), 'active')
  clock.advance(1)
  assert.equal(await engine.touch(one.session.id), undefined, 'over, though nobody has marked it')
  assert.equal(await state(one), 'idle_timeout')
})
