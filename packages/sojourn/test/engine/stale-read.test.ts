import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour } from '../../src/core/duration.ts'
import type { PolicyInput } from '../../src/core/layers.ts'
import { anEngine } from './an-engine.ts'
import { around } from './around.ts'

/** A node whose store has read a session, and does not answer before it is let. Later it answers at once. */
function aSlowNode(one: ReturnType<typeof anEngine>, policy: PolicyInput = { idleTimeout: '1h' }) {
  const answered = Promise.withResolvers<void>()
  const store = around(one.store, async (_verb, run) => {
    const read = run()
    await answered.promise
    return read
  })
  return { ...anEngine({ store, clock: one.clock, policy }), answer: answered.resolve }
}

test('R-12 who reads before the deadline and judges after it ends nothing that was used in between', async () => {
  const one = anEngine({ policy: { idleTimeout: '1h' } })
  const other = aSlowNode(one)
  const login = await one.login()
  one.clock.advance(hour)
  const asked = other.ask(login.token)
  assert.equal(await one.state(login), 'active')
  one.clock.advance(1)
  other.answer()
  assert.equal((await asked).state, 'active')
  assert.equal(await one.state(login), 'active')
  assert.deepEqual([...one.ended(), ...other.ended()], [])
})

test('R-12 what was not used in between is over', async () => {
  const one = anEngine({ policy: { idleTimeout: '1h' } })
  const other = aSlowNode(one)
  const login = await one.login()
  one.clock.advance(hour)
  const asked = other.ask(login.token)
  one.clock.advance(1)
  other.answer()
  assert.equal((await asked).state, 'ended')
  assert.deepEqual(other.ended(), [[login.session.id, 'idle_timeout']])
})

test('R-12 nor is a session over that its device could restore, while somebody uses it', async () => {
  const policy = { idleTimeout: '1h', rememberFor: '30d' } as const
  const one = anEngine({ policy })
  const other = aSlowNode(one, policy)
  const login = await one.login('u-1', { remember: true })
  assert.notEqual(login.refresh, null)
  one.clock.advance(hour)
  const asked = other.ask(login.token)
  assert.equal(await one.state(login), 'active')
  one.clock.advance(1)
  other.answer()
  assert.equal((await asked).state, 'active')
})
