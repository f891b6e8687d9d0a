import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SessionError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { memory } from '../../src/stores/memory.ts'
import { second } from '../../src/testing/fixtures.ts'
import { anEngine } from './an-engine.ts'
import { around, turn } from './around.ts'

/** A store that can be made to hang, or to fail, and to work again. */
function unreliable() {
  const condition = { mode: 'works' as 'works' | 'hangs' | 'fails' | 'throws' }
  const store = around(memory(), (_verb, run) => {
    if (condition.mode === 'hangs') return new Promise(() => {})
    if (condition.mode === 'fails') return Promise.reject(new Error('connection refused'))
    if (condition.mode === 'throws') throw new Error('database is locked')
    return run()
  })
  return { store, condition }
}

test('P-23 A-30 a store that never answers: store_unavailable at storeTimeout, not before', async () => {
  const { store, condition } = unreliable()
  const { login, ask, engine, clock, state } = anEngine({ store, policy: { storeTimeout: '2s' } })
  const one = await login()
  condition.mode = 'hangs'
  const outcomes: unknown[] = []
  const calls = [
    ask(one.token),
    login('u-2'),
    engine.list(),
    engine.get(one.session.id),
    engine.end({ id: one.session.id }, 'user_logout'),
    engine.data.write(one.session.id, { set: { a: 1 } }),
    engine.data.read(one.session.id),
    engine.upgrade(one.session.id, { subject: 'u-1' }),
    engine.voidBefore({}, 'bulk_revoked'),
    engine.touch(one.session.id),
    engine.explain(one.session.id),
    engine.sweep(),
  ]
  for (const call of calls) call.catch((error: unknown) => outcomes.push(error))
  await turn()
  clock.advance(2 * second - 1)
  await turn()
  assert.equal(outcomes.length, 0)
  clock.advance(1)
  await turn()
  assert.equal(outcomes.length, calls.length)
  for (const error of outcomes) {
    assert.ok(error instanceof SessionError)
    assert.equal(error.code, 'store_unavailable')
    assert.equal(error.message, 'the session store did not answer within 2000 ms')
  }
  condition.mode = 'works'
  assert.equal(await state(one), 'active', 'it recovers without a restart')
})

test('P-23 R-73 a store that fails: store_unavailable with its cause, and never a guest or an access', async () => {
  const { store, condition } = unreliable()
  const { login, ask, state, events } = anEngine({ store })
  const one = await login()
  for (const [mode, cause] of [
    ['fails', /connection refused/],
    ['throws', /database is locked/],
  ] as const) {
    condition.mode = mode
    await assert.rejects(ask(one.token), (error) => {
      assert.ok(error instanceof SessionError)
      assert.deepEqual([error.code, error.status], ['store_unavailable', 503])
      assert.match(String(error.cause), cause)
      assert.doesNotMatch(error.message, cause, 'a page that shows the message shows no internals')
      return true
    })
  }
  condition.mode = 'works'
  assert.equal(await state(one), 'active')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['session.started'],
    'an outage is no rejected token',
  )
})

test('an error of the library that a store throws is handed on as it is', async () => {
  const full = new SessionError('store_full', 'The memory store is full')
  const store = around(memory(), (verb, run) => {
    if (verb === 'create') throw full
    return run()
  })
  await assert.rejects(anEngine({ store }).login(), full)
})

test('a store that answers in time leaves no timer behind', async () => {
  const store: Store = around(memory(), async (_verb, run) => run())
  const { login, ask, clock, engine } = anEngine({ store })
  const one = await login()
  await ask(one.token)
  await engine.flush()
  assert.equal(clock.waiting, 0)
})

test('a memory store is answered at once: no turn of the loop', async () => {
  const { engine, login } = anEngine()
  const { token } = await login()
  const found = engine.verify(token.reveal(), { userAgent: null, ip: null, passive: false })
  assert.ok(!(found instanceof Promise))
  assert.equal(found.state, 'active')
})

test('a listener that throws, or whose promise is rejected, harms no request', async () => {
  for (const onEvent of [
    () => {
      throw new Error('listener')
    },
    async () => {
      await turn()
      throw new Error('listener')
    },
  ]) {
    const { login, state, errors } = anEngine({ onEvent })
    assert.equal(await state(await login()), 'active')
    await turn()
    await turn()
    assert.match(String(errors[0]), /listener/)
  }
})
