import assert from 'node:assert/strict'
import { test } from 'node:test'
import { installName, peppersOf } from '../../src/engine/pepper.ts'
import { minute } from '../../src/testing/fixtures.ts'
import { anEngine } from './an-engine.ts'
import { around } from './around.ts'

const [first, second, third] = ['1', '2', '3'].map((n) => n.repeat(32)) as [string, string, string]
const policy = { idleTimeout: '1h', regenerateEvery: '5m' } as const

test('ROD-23 R-75 a session goes on while the secret rotates, and is hashed again by the new one on use', async () => {
  const before = anEngine({ secret: first })
  const { store, clock } = before
  const [used, unused] = [await before.login(), await before.login()]
  const during = anEngine({ secret: [second, first], store, clock })
  assert.equal(await during.state(used), 'active')
  clock.advance(0)
  const after = anEngine({ secret: second, store, clock })
  assert.equal(await after.state(used), 'active')
  assert.equal(await after.state(unused), 'unknown', 'the retired secret fails closed')
})

test('R-75 a session that was never used under two secrets is not opened by a third', async () => {
  const { store, clock, login } = anEngine({ secret: first })
  const one = await login()
  assert.equal(await anEngine({ secret: [third, second], store, clock }).state(one), 'unknown')
})

test('a hash is written again once, and not by a passive request', async () => {
  const before = anEngine({ secret: first })
  const { store, clock } = before
  const one = await before.login()
  const stored = (await store.find(one.session.id))?.secretHash
  const during = anEngine({ secret: [second, first], store, clock })
  await during.ask(one.token, { passive: true })
  clock.advance(0)
  assert.equal((await store.find(one.session.id))?.secretHash, stored)
  await during.ask(one.token)
  clock.advance(0)
  const rewritten = (await store.find(one.session.id))?.secretHash
  assert.notEqual(rewritten, stored)
  await during.ask(one.token)
  clock.advance(0)
  assert.equal((await store.find(one.session.id))?.secretHash, rewritten)
})

test('R-75 a hash that could not be written again is written with a later request', async () => {
  const before = anEngine({ secret: first })
  const { clock } = before
  const one = await before.login()
  let isDown = true
  const store = around(before.store, (verb, run) => {
    if (isDown && verb === 'touch') throw new Error('down')
    return run()
  })
  const during = anEngine({ secret: [second, first], store, clock })
  for (let asked = 0; asked < 3; asked++) {
    assert.equal(await during.state(one), 'active')
    clock.advance(0)
  }
  isDown = false
  assert.equal(await during.state(one), 'active')
  clock.advance(0)
  assert.equal(await anEngine({ secret: second, store, clock }).state(one), 'active')
})

test('the old token finds its successor also where that was hashed again meanwhile', async () => {
  const before = anEngine({ secret: first, policy })
  const { store, clock } = before
  const one = await before.login()
  clock.advance(6 * minute)
  const found = await before.ask(one.token)
  assert.ok(found.state === 'active' && found.token !== null)
  const during = anEngine({ secret: [second, first], policy, store, clock })
  await during.ask(found.token)
  clock.advance(0)
  const again = await during.ask(one.token)
  assert.ok(again.state === 'active')
  assert.equal(again.replaced, true, 'one that has no successor would open nothing')
  const after = anEngine({ secret: second, policy, store, clock })
  const retired = await after.ask(one.token)
  assert.equal(retired.state, 'none', 'its own hash was made by the retired secret')
})

test('A-10 who can write to the store but has no secret cannot make a token', async () => {
  const { store, clock, login } = anEngine({ secret: first })
  const victim = await login()
  const { session } = victim
  const thief = anEngine({ secret: second, store, clock })
  const forged = await thief.login('u-1')
  assert.equal(await anEngine({ secret: first, store, clock }).state(forged), 'unknown')
  assert.equal((await store.find(session.id))?.session.subject, 'u-1')
})

test('a secret that is too short or too many is refused, and not shown', () => {
  const bad: readonly unknown[] = ['hunter2', [], [first, 'hunter2'], [first, second, third], 42, [42]]
  for (const secret of bad)
    assert.throws(
      () => anEngine({ secret } as object),
      (error) => {
        assert.ok(error instanceof Error)
        assert.match(error.message, /^secret: expected a text of at least 32 characters/)
        assert.doesNotMatch(error.message, /hunter2|111/)
        return true
      },
    )
})

test('JAD-31 the random cookie name differs between installs, and is stable on every node', () => {
  const named = (secret: string) => anEngine({ policy: 'jadu', secret }).engine.cookieName
  assert.match(named(first), /^s[0-9a-f]{12}$/)
  assert.equal(named(first), named(first))
  assert.notEqual(named(first), named(second))
  assert.equal(installName(peppersOf(first)[0]), named(first))
  assert.throws(() => anEngine({ policy: { cookieName: 'random' }, secret: undefined } as object), {
    code: 'invalid_option',
    message: /^policy\.cookieName: expected 'random' together with the option secret/,
  })
})
