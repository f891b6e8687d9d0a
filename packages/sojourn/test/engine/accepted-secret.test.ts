import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEngine } from './an-engine.ts'

test('R-11 a secret that was found right opens nothing once another node has replaced it', async () => {
  const one = anEngine({})
  const other = anEngine({ store: one.store, clock: one.clock })
  const login = await one.login()
  for (let i = 0; i < 3; i++) assert.equal(await one.state(login), 'active')
  const renewed = await other.engine.renew(login.session.id)
  assert.ok(renewed)
  assert.equal(await one.state(login), 'unknown')
  assert.equal((await one.ask(renewed.token)).state, 'active')
})

test('R-11 beside a secret that was found right no other opens the session', async () => {
  const one = anEngine({})
  const login = await one.login()
  assert.equal(await one.state(login), 'active')
  assert.equal(await one.state(login), 'active')
  const { id } = login.session
  const secret = login.token.reveal().slice(id.length + 1)
  for (const place of [0, 21, 42]) {
    const other = secret[place] === 'A' ? 'B' : 'A'
    const forged = `${id}.${secret.slice(0, place)}${other}${secret.slice(place + 1)}`
    assert.equal((await one.ask(forged)).state, 'none')
  }
})
