import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { traced, tracedStore, type TracerLike } from '../../src/telemetry/opentelemetry.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { distant } from '../engine/around.ts'
import { secret } from '../engine/an-engine.ts'

interface Recorded {
  readonly name: string
  readonly attributes: { [name: string]: string }
  readonly parent: string | undefined
  isFailed: boolean
  isEnded: boolean
}

/** A tracer that keeps its spans. Those that begin while a call runs stand below its span. */
function recording(): { readonly tracer: TracerLike; readonly spans: Recorded[] } {
  const spans: Recorded[] = []
  let active: string | undefined
  const tracer: TracerLike = {
    startActiveSpan(name, { attributes }, run) {
      const span = { name, attributes: { ...attributes }, parent: active, isFailed: false, isEnded: false }
      spans.push(span)
      const before = active
      active = name
      try {
        return run({
          setAttribute: (attribute, value) => (span.attributes[attribute] = value),
          setStatus: ({ code }) => (span.isFailed = code === 2),
          end: () => void (span.isEnded = true),
        })
      } finally {
        active = before
      }
    },
  }
  return { tracer, spans }
}

describe('a traced store keeps the contract', () => {
  storeContract(test, () => tracedStore(memory(), recording().tracer))
})

test('R-71 each verb is a span with its outcome, and the calls of the store stand below it', async () => {
  for (const wrap of [memory, () => distant(memory())]) {
    const { tracer, spans } = recording()
    const store = tracedStore(wrap(), tracer)
    const auth = traced(createSessions({ store, secret, sweepEvery: null }), tracer)
    const { token, session } = await auth.start({ subject: 'u-1' })
    spans.splice(0)
    const verified = auth.verify(token.reveal(), { userAgent: null, ip: null, passive: false })
    const state = (await verified).state
    assert.equal(state, 'active')
    assert.deepEqual(
      spans.map(({ name, attributes, parent }) => [name, attributes, parent]),
      [
        ['sojourn.verify', { 'sojourn.outcome': 'active' }, undefined],
        ['sojourn.store.find', { 'sojourn.store': 'memory' }, 'sojourn.verify'],
      ],
    )
    await auth.end({ id: session.id }, 'user_logout')
    assert.ok(spans.every(({ isEnded, isFailed }) => isEnded && !isFailed))
    assert.equal(auth.policy.idleTimeout, auth.policyFor({}).policy.idleTimeout)
    await auth.close()
  }
})

test('R-71 what fails is marked with its code, and is thrown as it was', async () => {
  const { tracer, spans } = recording()
  const broken = Object.assign(memory(), {
    find: () => {
      throw new Error('the connection was refused')
    },
    list: () => Promise.reject(new Error('the connection was refused')),
  })
  const auth = traced(createSessions({ store: tracedStore(broken, tracer), sweepEvery: null }), tracer)
  const facts = { userAgent: null, ip: null, passive: false }
  assert.throws(() => void auth.verify(`${'A'.repeat(22)}.${'A'.repeat(43)}`, facts), {
    code: 'store_unavailable',
  })
  await assert.rejects(auth.list(), { code: 'store_unavailable' })
  assert.deepEqual(
    spans.map(({ name, attributes, isFailed, isEnded }) => [
      name,
      attributes['error.type'],
      isFailed,
      isEnded,
    ]),
    [
      ['sojourn.verify', 'store_unavailable', true, true],
      ['sojourn.store.find', 'internal', true, true],
      ['sojourn.list', 'store_unavailable', true, true],
      ['sojourn.store.list', 'internal', true, true],
    ],
  )
})

test('A-26 no span says whose session it is, or which', async () => {
  const { tracer, spans } = recording()
  const auth = traced(
    createSessions({ store: tracedStore(memory(), tracer), secret, sweepEvery: null }),
    tracer,
  )
  const { token, session } = await auth.start({ subject: 'u-1', request: { ip: '203.0.113.7' } })
  await auth.elevate(session.id, { amr: ['otp'], assurance: 2 })
  await auth.end({ subject: 'u-1' }, 'user_logout')
  const told = JSON.stringify(spans)
  for (const known of ['u-1', session.id, token.secret(), '203.0.113.7'])
    assert.ok(!told.includes(known), known)
  assert.ok(spans.length > 5)
})

test('a store that has no more than it must is traced for what it has', () => {
  const { restore: _, changes: __, watch: ___, ...verbs } = tracedStore(memory(), recording().tracer)
  const store = tracedStore(verbs, recording().tracer)
  assert.deepEqual([store.restore, store.changes, store.watch], [undefined, undefined, undefined])
})
