import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../src/core/session.ts'
import { memory } from '../../src/stores/memory.ts'
import { aSession, minute, start } from '../../src/testing/fixtures.ts'
import { hashSecret, peppersOf } from '../../src/engine/pepper.ts'
import { mintToken } from '../../src/engine/token.ts'
import { anEngine, browser, secret, seeded } from './an-engine.ts'

const policy = 'jadu'

/** A session as another hand wrote it into the store, and its token. */
async function written(fields: Partial<Session>) {
  const store = memory()
  const token = mintToken(seeded('written'), { tokenCodec: 'base32hex' })
  const fingerprint = `ua-exact:${browser}`
  const session = aSession({
    idleTimeout: 15 * minute,
    fingerprint,
    userAgent: browser,
    ...fields,
    id: token.id,
  })
  await store.create({
    session,
    secretHash: hashSecret(peppersOf(secret)[0], 'session', token.secret()),
    data: {},
  })
  return { ...anEngine({ store, policy }), token }
}

test('a session that was properly begun is served', async () => {
  const { state, token } = await written({})
  assert.equal(await state({ token }), 'active')
})

test('JAD-23 a session whose expiry is not set is destroyed on access', async () => {
  const { state, token, engine } = await written({ idleTimeout: null, expiresAt: null })
  assert.equal(await state({ token }), 'maintenance')
  assert.equal((await engine.get(token.id))?.endedAt, start)
})

test('JAD-26 a session that was not initiated, or has no fingerprint, is destroyed on access', async () => {
  for (const fields of [{ activatedAt: null }, { fingerprint: null }]) {
    const { state, token, ended } = await written(fields)
    assert.equal(await state({ token }), 'maintenance')
    assert.deepEqual(ended(), [[token.id, 'maintenance']])
  }
})

test('JAD-24 a session whose expiry is in the past is destroyed on access', async () => {
  const { state, token, clock } = await written({ expiresAt: start + minute })
  clock.advance(minute)
  assert.equal(await state({ token }), 'active')
  clock.advance(1)
  assert.equal(await state({ token }), 'absolute_timeout')
})

test('JAD-25 A-22 another browser with the same cookie: destroyed, for both', async () => {
  const { login, state, ended } = anEngine({ policy })
  const one = await login()
  assert.equal(await state(one, { userAgent: browser.replace('140', '141') }), 'fingerprint_mismatch')
  assert.equal(await state(one), 'fingerprint_mismatch')
  assert.equal(ended().length, 1)
})

test('A-22 elsewhere a browser update is logged at most, and the session goes on', async () => {
  const { login, state, events } = anEngine({ policy: { fingerprint: 'family+os' } })
  const one = await login()
  assert.equal(await state(one, { userAgent: browser.replaceAll('140', '141') }), 'active')
  assert.ok(events.every(({ type }) => type !== 'session.cautioned'))
  assert.equal(await state(one, { userAgent: 'curl/8' }), 'active')
  const event = events.at(-1)
  assert.ok(event?.type === 'session.cautioned')
  assert.equal(event.reason, 'fingerprint_mismatch')
})

test('A-22 a step-up answers the request, and says that it calls for fresh authentication', async () => {
  const { login, ask } = anEngine({ policy: { fingerprint: 'family+os', onFingerprintChange: 'step-up' } })
  const { token } = await login()
  const same = await ask(token)
  assert.ok(same.state === 'active')
  assert.equal(same.caution, null)
  const other = await ask(token, { userAgent: 'curl/8' })
  assert.ok(other.state === 'active')
  assert.equal(other.caution, 'fingerprint_mismatch')
})

test('A-28 another address is no reason for anything', async () => {
  const { login, state, ended } = anEngine({ policy })
  const one = await login()
  for (const ip of ['198.51.100.1', '2001:db8::1', null]) assert.equal(await state(one, { ip }), 'active')
  assert.deepEqual(ended(), [])
})

test('JAD-32 what the application configures wins over what the preset and the defaults say', () => {
  const { engine } = anEngine({
    policy: { extends: 'jadu', idleTimeout: '3m', formTimeout: '2m', cookieName: 'own' },
  })
  assert.equal(engine.policy.idleTimeout, 3 * minute)
  assert.equal(engine.policy.formTimeout, 2 * minute)
  assert.equal(engine.cookieName, 'own')
  assert.equal(engine.policy.idleTimeoutMax, 24 * minute)
})
