import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SessionError } from '../../src/core/errors.ts'
import { memory } from '../../src/stores/memory.ts'
import { type BreakerState, resilient, type ResilientOptions } from '../../src/stores/resilient.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { newSession, second, start } from '../../src/testing/fixtures.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { around, distant, turn } from '../engine/around.ts'

describe('P-23 a resilient memory keeps the contract', () => storeContract(test, () => resilient(memory())))
describe('P-23 a resilient sqlite keeps the contract', () =>
  storeContract(test, () => resilient(sqlite(':memory:'))))
describe('P-23 a resilient store that answers by promises keeps the contract', () =>
  storeContract(test, () => resilient(distant(memory()))))

type Mode = 'works' | 'hangs' | 'fails' | 'throws'

/** A resilient store over one that can be made to fail, with a clock that stands still. */
function aStore(options: ResilientOptions = {}) {
  const timing = new FakeClock(start)
  const behind = { mode: 'works' as Mode, calls: 0 }
  const states: BreakerState[] = []
  const store = resilient(
    around(memory(), (_verb, run) => {
      behind.calls++
      if (behind.mode === 'hangs') return new Promise(() => {})
      if (behind.mode === 'fails') return Promise.reject(new Error('connection refused'))
      if (behind.mode === 'throws') throw new Error('database is locked')
      return Promise.resolve(run())
    }),
    { timing, random: () => 1, onState: (state) => states.push(state), ...options },
  )
  /** Calls, and tells in `outcome` what came of it. */
  const begin = (call: () => unknown) => {
    const begun: { outcome?: unknown } = {}
    void (async () => call())().then(
      (value) => (begun.outcome = value ?? 'nothing'),
      (error: unknown) => (begun.outcome = error),
    )
    return begun
  }
  const pass = async (millis: number): Promise<void> => {
    await turn()
    timing.advance(millis)
    await turn()
  }
  return { store, behind, timing, states, begin, pass }
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof SessionError && error.code === 'store_unavailable'

test('P-23 A-30 a try that is not answered in time is given up then, and not before; what is safe is tried again', async () => {
  const { store, behind, begin, pass } = aStore()
  behind.mode = 'hangs'
  const found = begin(() => store.find('a'))
  await pass(499)
  assert.equal(behind.calls, 1)
  await pass(1)
  await pass(19)
  assert.equal(behind.calls, 1)
  behind.mode = 'works'
  await pass(1)
  assert.deepEqual([behind.calls, found.outcome], [2, 'nothing'])
})

test('P-23 no verb takes longer than its deadline, all tries together', async () => {
  const { store, behind, begin, pass } = aStore({ deadline: '700ms', tryFor: '500ms' })
  behind.mode = 'hangs'
  const found = begin(() => store.find('a'))
  await pass(500)
  await pass(20)
  assert.equal(behind.calls, 2)
  await pass(179)
  assert.equal(found.outcome, undefined)
  await pass(1)
  assert.ok(isUnavailable(found.outcome))
})

test('P-23 what is safe to repeat is tried three times, with pauses that double and are half chance', async () => {
  for (const [random, pauses] of [
    [1, [20, 40]],
    [0, [10, 20]],
  ] as const) {
    const { store, behind, begin, pass } = aStore({ random: () => random })
    behind.mode = 'fails'
    const found = begin(() => store.find('a'))
    await pass(pauses[0] - 1)
    assert.equal(behind.calls, 1)
    await pass(1)
    assert.equal(behind.calls, 2)
    await pass(pauses[1] - 1)
    assert.equal(behind.calls, 2)
    await pass(1)
    assert.equal(behind.calls, 3)
    assert.match(String(found.outcome), /connection refused/)
  }
})

test('P-23 what is not safe to repeat is tried once', async () => {
  const patch = { add: { count: 1 } }
  const once = [
    (store: ReturnType<typeof memory>) => store.create(newSession()),
    (store: ReturnType<typeof memory>) => store.write('a', patch, { at: start }),
    (store: ReturnType<typeof memory>) => store.regenerate('a', 'from', 'to', start),
    (store: ReturnType<typeof memory>) => store.upgrade('a', newSession(), { ifRevision: 0 }),
    (store: ReturnType<typeof memory>) => store.sweep(start, { limit: 1, purgeBefore: 0 }),
    (store: ReturnType<typeof memory>) => store.restore?.('a', 'from', newSession(), { at: start, grace: 0 }),
  ]
  for (const call of once) {
    const { store, behind, begin, pass } = aStore()
    behind.mode = 'fails'
    const answer = begin(() => call(store))
    await pass(second)
    assert.equal(behind.calls, 1)
    assert.ok(answer.outcome instanceof Error)
  }
})

test('P-23 an error that the store answers with is an answer: it is not tried again, and opens nothing', async () => {
  const { store, behind, states } = aStore()
  for (let i = 0; i < 20; i++)
    await assert.rejects(
      async () => store.list({ realm: 'main', at: start, state: 'any', limit: 1, cursor: 'x' }),
      { code: 'invalid_option' },
    )
  assert.deepEqual([behind.calls, states], [20, []])
})

test('P-23 A-30 after five failures in a row no call is let through for a second; then one tries', async () => {
  const { store, behind, begin, pass, states } = aStore({ tries: 1 })
  behind.mode = 'throws'
  for (let i = 0; i < 5; i++) begin(() => store.find('a'))
  await turn()
  assert.deepEqual([behind.calls, states], [5, ['open']])
  const refused = begin(() => store.find('a'))
  await pass(999)
  const still = begin(() => store.find('a'))
  await turn()
  assert.ok(isUnavailable(refused.outcome) && isUnavailable(still.outcome))
  assert.match(String(still.outcome), /failed 5 times in a row; it is asked again in 1 ms/)
  assert.equal(behind.calls, 5)
  await pass(1)
  behind.mode = 'hangs'
  begin(() => store.find('a'))
  const beside = begin(() => store.find('b'))
  await turn()
  assert.equal(behind.calls, 6, 'one, and no other beside it')
  assert.ok(isUnavailable(beside.outcome))
  assert.deepEqual(states, ['open', 'half-open'])
  await pass(500)
  assert.deepEqual(states, ['open', 'half-open', 'open'], 'it did not answer')
  await pass(second)
  behind.mode = 'works'
  const answered = begin(() => store.find('a'))
  await turn()
  assert.equal(answered.outcome, 'nothing')
  assert.deepEqual(states, ['open', 'half-open', 'open', 'half-open', 'closed'], 'nobody restarted it')
})

test('P-23 failures that are not in a row open nothing', async () => {
  const { store, behind, begin, states } = aStore({ tries: 1 })
  for (let i = 0; i < 20; i++) {
    behind.mode = i % 5 === 4 ? 'works' : 'fails'
    begin(() => store.find('a'))
    await turn()
  }
  assert.deepEqual(states, [])
})

test('P-23 a resilient store that answers at once answers at once', () => {
  const store = resilient(memory())
  assert.ok(!(store.find('a') instanceof Promise))
})

test('P-23 options of a resilient store are refused at construction, with their key path', () => {
  const refused: readonly [ResilientOptions, RegExp][] = [
    [{ deadline: 0 }, /^deadline: expected a duration/],
    [{ tryFor: -1 }, /^tryFor: /],
    [{ pause: 0 }, /^pause: /],
    [{ retryAfter: 0 }, /^retryAfter: /],
    [{ tries: 0 }, /^tries: expected a whole number from 1 to 10, got 0/],
    [{ tries: 11 }, /^tries: /],
    [{ breakAfter: 0 }, /^breakAfter: /],
  ]
  for (const [options, message] of refused)
    assert.throws(() => resilient(memory(), options), { code: 'invalid_option', message })
})

test('P-23 what hears of the breaker and throws changes no answer', async () => {
  const onState = (): never => assert.fail('a listener that throws')
  const { store, behind, pass } = aStore({ tries: 1, breakAfter: 1, retryAfter: '1s', onState })
  behind.mode = 'fails'
  await assert.rejects(async () => store.find('a'), /connection refused/)
  behind.mode = 'works'
  await pass(second)
  assert.equal((await store.create(newSession({ id: 'a' }))).status, 'created')
})
