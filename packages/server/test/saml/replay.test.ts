import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from 'sojourn/core'
import { roundTripLasts } from '../../src/round-trips/round-trips.ts'
import { whyFailed } from '../round-trips/from-elsewhere.ts'
import { aSamlServer, type Said } from './fake-identity-provider.ts'

test('a response is good in its time, give or take a minute of the clocks', async (t) => {
  const server = await aSamlServer(t)
  const now = server.clock.now()
  const times: readonly (readonly [Partial<Said>, string | undefined])[] = [
    [{ notBefore: now + minute }, undefined],
    [{ notBefore: now + minute + 1 }, 'saml: time'],
    [{ notOnOrAfter: now - minute + 1 }, undefined],
    [{ notOnOrAfter: now - minute }, 'saml: expired'],
    [{ confirmedUntil: now - minute + 1 }, undefined],
    [{ confirmedUntil: now - minute }, 'saml: expired'],
    [{ sessionUntil: now + 1 }, undefined],
    [{ sessionUntil: now }, 'saml: expired'],
    [{ before: (xml) => xml.replace(/NotOnOrAfter="[^"]*"/g, 'NotOnOrAfter="tomorrow"') }, 'saml: time'],
  ]
  for (const [lie, why] of times) {
    const from = server.lines.length
    const answer = await server.signIn(server.browser(), lie)
    const failed = whyFailed({ lines: server.lines.slice(from) })
    assert.deepEqual([answer.status, failed], [why === undefined ? 303 : 403, why], JSON.stringify(lie))
  }
})

test('a response is taken once, in the browser that asked, within ten minutes', async (t) => {
  const server = await aSamlServer(t)
  const browser = server.browser()
  const request = await server.begin(browser)
  const response = server.says(request)
  const victim = server.browser()
  assert.equal((await server.post(victim, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: no_cookie')
  await server.begin(victim)
  assert.equal((await server.post(victim, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: other_browser')
  assert.equal((await server.post(browser, response, request.relayState)).status, 303)
  assert.equal((await server.post(browser, response, request.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')

  // With the RelayState of another sign-in it answers another request.
  const next = await server.begin(browser)
  assert.equal((await server.post(browser, response, next.relayState)).status, 403)
  assert.equal(whyFailed(server), 'saml: in_response_to')
  for (const relay of ['', 'https://evil.example/', 'x'])
    assert.equal((await server.post(browser, server.says(await server.begin(browser)), relay)).status, 403)
  assert.equal(whyFailed(server), 'saml: unsolicited')

  for (const [wait, status] of [
    [roundTripLasts, 303],
    [roundTripLasts + 1, 403],
  ] as const) {
    const late = await server.begin(browser)
    server.clock.advance(wait)
    assert.equal((await server.post(browser, server.says(late), late.relayState)).status, status)
  }
  assert.equal(whyFailed(server), 'saml: state_expired')
})

test('one assertion is not taken again under another request, although it was signed anew', async (t) => {
  const server = await aSamlServer(t)
  assert.equal((await server.signIn(server.browser(), { id: '_one' })).status, 303)
  assert.equal((await server.signIn(server.browser(), { id: '_one' })).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')
  const { id = '' } = (await server.accounts.findByEmail('uma@uni.example')) ?? {}
  const denied = await server.database
    .selectFrom('denied_logins')
    .selectAll()
    .where('account', '=', id)
    .execute()
  assert.equal(denied.length, 1)
})

test('what the provider begins is taken where the integration says so, once, until it expires', async (t) => {
  const closed = await aSamlServer(t)
  assert.equal((await closed.post(closed.browser(), closed.says(null), '')).status, 403)
  assert.equal(whyFailed(closed), 'saml: unsolicited')

  const server = await aSamlServer(t, { settings: { unsolicited: 'accepted' } })
  const response = server.says(null, { id: '_one' })
  const answer = await server.post(server.browser(), response, 'https://evil.example/')
  assert.deepEqual([answer.status, answer.location], [303, '/'])
  assert.equal((await server.post(server.browser(), response, '')).status, 403)
  assert.equal(whyFailed(server), 'saml: replayed')
  // Up to its last moment it is remembered, and after it nobody believes it.
  for (const [wait, why] of [
    [6 * minute - 1, 'replayed'],
    [1, 'expired'],
  ] as const) {
    server.clock.advance(wait)
    assert.equal((await server.post(server.browser(), response, '')).status, 403)
    assert.equal(whyFailed(server), `saml: ${why}`)
  }
  // The answer to a request is none of those, where its sign-in is another browser’s.
  const request = await server.begin(server.browser())
  assert.equal((await server.post(server.browser(), server.says(request), '')).status, 403)
  assert.equal(whyFailed(server), 'saml: in_response_to')
})
