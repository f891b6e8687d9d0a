import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endSentences } from 'sojourn'
import { disableAccount } from '../src/index.ts'
import { aServer, idOf, password, type RunningTest } from './a-server.ts'
import { firefox } from './browser.ts'

const hour = 3_600_000
const email = 'uma@example.com'
const remember = { remember: 't' }

/** Three browsers with a live session, two of them remembered, and a remembered one that has timed out. */
async function fourBrowsers(server: RunningTest) {
  const { id } = await server.person(email)
  const waiting = await server.signedIn(email, firefox, remember)
  server.clock.advance(2 * hour + 1)
  const live = [
    await server.signedIn(email),
    await server.signedIn(email, firefox, remember),
    await server.signedIn(email, firefox, remember),
  ]
  return { id, waiting, live }
}

test('R-20 disabling an account ends its sessions at once, and nothing of it can be restored', async (t) => {
  const server = await aServer(t)
  const { id, waiting, live } = await fourBrowsers(server)
  const timedOut = waiting.cookie
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const admin = await idOf(await server.signedIn('ada@example.com'))
  await disableAccount(server.accounts, server.sessions, id, admin)

  const { items } = await server.sessions.list({ subject: id, state: 'any' })
  assert.deepEqual(
    items.map(({ endReason, endedBy, rememberedUntil }) => [endReason, endedBy, rememberedUntil]),
    [
      ...live.map(() => ['account_disabled', admin, null]),
      // It was over before, by nobody.
      ['idle_timeout', null, null],
    ],
  )
  for (const browser of live) {
    assert.equal((await browser.call('GET', '/api/v1/sessions')).status, 401)
    const answer = await browser.go('/account/sessions')
    assert.match(answer.location ?? '', /reason=account_disabled/)
    assert.ok((await browser.go(answer.location ?? '')).text.includes(endSentences.account_disabled))
  }
  for (const cookie of [timedOut, ...live.map((browser) => browser.cookie)]) {
    const refresh = cookie.split('; ').find((pair) => pair.includes('-r=')) ?? 'none=0'
    const copied = await server.browser().call('GET', '/api/v1/sessions', undefined, { cookie: refresh })
    assert.equal(copied.status, 401)
    assert.equal(copied.headers['set-cookie'], undefined)
  }
  assert.equal((await waiting.go('/account/sessions')).status, 303)
  assert.equal((await server.browser().submit('/login', { email, password })).status, 401)
  assert.deepEqual((await server.sessions.list({ subject: id })).items, [])
})

test('R-20 the account alone is enough: whoever disables it by another way is covered at its next request', async (t) => {
  const server = await aServer(t)
  const { id, waiting, live } = await fourBrowsers(server)
  await server.accounts.disable(id)
  // The first to ask is the one that is restored for it; what it was given opens nothing either.
  for (const browser of [waiting, ...live, waiting]) {
    const answer = await browser.go('/account/sessions')
    assert.match(answer.location ?? '', /reason=account_disabled/)
  }
  for (const state of ['live', 'restorable'] as const)
    assert.deepEqual((await server.sessions.list({ subject: id, state })).items, [])
})

test('R-20 a session whose account is gone altogether is nobody’s', async (t) => {
  const server = await aServer(t)
  const { token } = await server.sessions.start({ subject: 'nobody-any-more', remember: true })
  const cookie = `${server.sessions.web.cookie}=${token.reveal()}`
  for (let i = 0; i < 2; i++) {
    const answer = await server.browser().call('GET', '/api/v1/sessions', undefined, { cookie })
    assert.equal(answer.status, 401)
    assert.partialDeepStrictEqual(answer.json(), { reason: 'account_disabled' })
  }
})

test('R-20 a request of somebody signed in reads their account once, one of anybody else never', async (t) => {
  const server = await aServer(t)
  await server.person(email)
  const browser = await server.signedIn(email)
  const find = t.mock.method(server.accounts, 'find')
  for (const [who, reads] of [
    [browser, 1],
    [server.browser(), 0],
  ] as const) {
    find.mock.resetCalls()
    await who.go('/account/sessions')
    assert.equal(find.mock.callCount(), reads)
  }
})
