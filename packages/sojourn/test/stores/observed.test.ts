import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cached } from '../../src/stores/cached.ts'
import { memory } from '../../src/stores/memory.ts'
import { observed, type StoreCall } from '../../src/stores/observed.ts'
import { resilient } from '../../src/stores/resilient.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { storeMetrics } from '../../src/telemetry/store-metrics.ts'
import { FakeClock } from '../../src/testing/clock.ts'
import { minute, newSession, start } from '../../src/testing/fixtures.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { around, distant } from '../engine/around.ts'

const unheard = (): void => {}
describe('an observed memory keeps the contract', () =>
  storeContract(test, () => observed(memory(), unheard)))
describe('an observed sqlite keeps the contract', () =>
  storeContract(test, () => observed(sqlite(':memory:'), unheard)))
describe('P-19 P-23 all stores around one another keep the contract', () =>
  storeContract(test, () => observed(cached(resilient(observed(distant(memory()), unheard))), unheard)))

const life = async (store: ReturnType<typeof memory>): Promise<void> => {
  await store.create(
    newSession({ id: 'a', secretHash: 'hush-1', data: { note: 'hush-2' }, subject: 'hush-3' }),
  )
  await store.create(newSession({ id: 'a' }))
  await store.find('a')
  await store.find('hush-4')
  await store.touch([{ id: 'a', at: start, lag: 0 }])
  await store.regenerate('a', 'hush-1', 'hush-5', start)
  await store.regenerate('a', 'hush-1', 'hush-6', start)
  await store.write('a', { add: { note: 1 } }, { at: start })
  await store.lease('hush-7', 'me', start, start + minute)
  await store.lease('hush-7', 'you', start, start + minute)
  await store.end({ realm: 'main', id: 'a' }, { at: start, reason: 'user_logout' })
  await store.end({ realm: 'main', id: 'a' }, { at: start, reason: 'user_logout' })
  await store.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  await store.list({ realm: 'main', at: start, state: 'any', limit: 1 })
  await store.sweep(start, { limit: 1, purgeBefore: 0 })
  await store.changes?.(null, 1)
  await store.changes?.('hush-8', 1)
}

test('what came of each call is told in a word, and nothing of what it was about', async () => {
  const calls: StoreCall[] = []
  await life(observed(memory(), (call) => calls.push(call), { elapsed: () => 0 }))
  assert.deepEqual(
    calls.map(({ verb, outcome }) => `${verb} ${outcome}`),
    [
      'create created',
      'create duplicate',
      'find found',
      'find absent',
      'touch done',
      'regenerate regenerated',
      'regenerate lost',
      'write not_a_number',
      'lease taken',
      'lease held',
      'end ended',
      'end none',
      'voidBefore done',
      'list done',
      'sweep done',
      'changes told',
      'changes gap',
    ],
  )
  assert.doesNotMatch(JSON.stringify(calls), /hush/, 'A-26 no secret, hash, subject, id or data')
})

test('how long a call took, with its answer or its error', async () => {
  const clock = new FakeClock(start)
  const calls: StoreCall[] = []
  const slow = around(memory(), (verb, run) => {
    clock.advance(7)
    if (verb === 'list') throw new TypeError('hush')
    return verb === 'end' ? Promise.reject(new Error('hush')) : run()
  })
  const store = observed(slow, (call) => calls.push(call), { elapsed: () => clock.elapsed() })
  await store.find('a')
  await assert.rejects(async () => store.end({ realm: 'main' }, { at: start, reason: 'maintenance' }), /hush/)
  assert.throws(() => store.list({ realm: 'main', at: start, state: 'any', limit: 1 }), /hush/)
  assert.deepEqual(calls, [
    { store: 'memory', verb: 'find', millis: 7, outcome: 'absent' },
    { store: 'memory', verb: 'end', millis: 7, outcome: 'failed', error: 'Error' },
    { store: 'memory', verb: 'list', millis: 7, outcome: 'failed', error: 'TypeError' },
  ])
})

test('a listener that throws disturbs no verb', async () => {
  const store = observed(memory(), () => {
    throw new Error('the metric is broken')
  })
  assert.deepEqual(await store.create(newSession()), { status: 'created', ended: [] })
})

test('metrics have the names of OpenTelemetry, and labels of few words', async () => {
  const recorded: unknown[] = []
  const meter = {
    createCounter: (name: string) => ({
      add: (value: number, labels: object) => void recorded.push([name, value, labels]),
    }),
    createHistogram: (name: string) => ({
      record: (value: number, labels: object) => void recorded.push([name, value, labels]),
    }),
  }
  const { onCall, onAnswer } = storeMetrics({ meter })
  const clock = new FakeClock(start)
  const behind = Object.assign(
    around(memory(), (_verb, run) => run()),
    { name: 'postgres' },
  )
  const store = cached(observed(behind, onCall, { elapsed: () => clock.elapsed() }), {
    timing: clock,
    onAnswer,
  })
  await store.create(newSession({ id: 'a' }))
  await store.find('a')
  clock.advance(7)
  await store.find('a')
  const duration = 'db.client.operation.duration'
  const labels = { 'db.system.name': 'postgresql' }
  assert.deepEqual(recorded, [
    [duration, 0, { ...labels, 'db.operation.name': 'create', 'sojourn.outcome': 'created' }],
    [duration, 0, { ...labels, 'db.operation.name': 'changes', 'sojourn.outcome': 'told' }],
    [duration, 0, { ...labels, 'db.operation.name': 'find', 'sojourn.outcome': 'found' }],
    ['sojourn.cache.answers', 1, { from: 'store' }],
    ['sojourn.cache.answers', 1, { from: 'memory' }],
    ['sojourn.cache.freshness', 0.007, {}],
  ])
  onCall({ store: 'redis', verb: 'find', millis: 3, outcome: 'failed', error: 'store_unavailable' })
  assert.deepEqual(recorded.at(-1), [
    duration,
    0.003,
    {
      'db.system.name': 'redis',
      'db.operation.name': 'find',
      'sojourn.outcome': 'failed',
      'error.type': 'store_unavailable',
    },
  ])
})
