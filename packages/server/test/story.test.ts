import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endSentences } from 'sojourn'
import { aServer, idOf, password } from './a-server.ts'
import { firefox, iphone } from './browser.ts'

test('a person signs up, signs in from two browsers, ends one, and the other is told why', async (t) => {
  const server = await aServer(t)
  const desktop = server.browser(firefox)
  const signedUp = await desktop.submit('/signup', { name: 'Uma', email: 'uma@example.com', password })
  assert.equal(signedUp.status, 303)

  const phone = server.browser(iphone)
  const signedIn = await phone.submit('/login', { email: 'UMA@example.com', password })
  assert.equal(signedIn.status, 303)
  assert.equal((await phone.open(signedIn.location ?? '')).status, 200)

  const page = await desktop.open('/')
  assert.equal(page.status, 200)
  assert.match(page.text, /Firefox/)
  assert.match(page.text, /Safari/)

  const { sessions } = (await desktop.call('GET', '/api/v1/sessions')).json() as Listed
  const other = sessions.find(({ is_current }) => !is_current)
  assert.ok(other)
  const ended = await desktop.submit(`/account/sessions/${other.id}/end`)
  assert.equal(ended.location, '/account/sessions?done=ended')
  assert.equal((await desktop.open(ended.location)).status, 200)

  const refused = await phone.go('/account/sessions')
  assert.equal(refused.status, 303)
  assert.equal(refused.location, '/login?reason=user_revoked&return_to=%2Faccount%2Fsessions')
  const told = await phone.go(refused.location)
  assert.equal(told.status, 200)
  assert.ok(told.text.includes(endSentences.user_revoked))
})

test('AUR-01 two requests with one cookie see the same session and the same person', async (t) => {
  const server = await aServer(t)
  const { id } = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const first = (await browser.call('GET', '/api/v1/session')).json() as Status
  const second = (await browser.call('GET', '/api/v1/session')).json() as Status
  assert.equal(first.state, 'active')
  assert.equal(first.subject, id)
  assert.equal(second.id, first.id)
})

test('AUR-02 a sign-in adds exactly one session, under an id that no earlier request had', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('ada@example.com', { roles: ['super-admin'] })
  const browser = await server.signedIn('ada@example.com')
  const before = (await server.sessions.list({ subject })).items
  assert.equal(before.length, 1)
  const planted = browser.cookie
  await browser.submit('/login', { email: 'ada@example.com', password })
  const after = (await server.sessions.list({ subject })).items
  assert.equal(after.length, 1)
  assert.notEqual(after[0]?.id, before[0]?.id)
  assert.notEqual(browser.cookie, planted)
  const thief = await server.browser().go('/account/sessions', { cookie: planted })
  assert.equal(thief.location, '/login?reason=replaced_at_login&return_to=%2Faccount%2Fsessions')
})

test('AUR-03 the cookie says nothing, and a session that is gone from the server is gone', async (t) => {
  const server = await aServer(t)
  const { id } = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const value = browser.cookie.split('=')[1] ?? ''
  const decoded = value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
  for (const text of [value, ...decoded]) {
    for (const known of [id, 'uma', 'user', String(server.clock.now())]) assert.ok(!text.includes(known))
    assert.throws(() => JSON.parse(text), SyntaxError)
  }
  server.clock.advance(60 * 24 * 60 * 60_000)
  await server.sessions.sweep()
  server.clock.advance(60 * 24 * 60 * 60_000)
  await server.sessions.sweep()
  const answer = await browser.go('/account/sessions')
  assert.equal(answer.location, '/login?reason=inactive_session&return_to=%2Faccount%2Fsessions')
})

test('AUR-04 without the cookie a request is nobody’s', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  assert.equal((await browser.go('/account/sessions')).status, 200)
  assert.equal((await browser.go('/account/sessions', { cookie: '' })).status, 303)
})

test('AUR-05 a token that is not exactly the one that was given opens nothing', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const good = browser.cookie
  const flipped = good.slice(0, -2) + (good.at(-2) === 'A' ? 'B' : 'A') + good.slice(-1)
  const name = good.split('=')[0] ?? ''
  const bad = [
    flipped,
    good.slice(0, -1),
    `${good}A`,
    `${name}=${good.slice(name.length + 1).toUpperCase()}`,
    `${name}=`,
    `${name}=../../x`,
    `${name}=${'A'.repeat(10_000)}`,
  ]
  for (const cookie of bad) {
    const answer = await server.browser().go('/account/sessions', { cookie })
    assert.equal(answer.status, 303, cookie)
    assert.match(answer.location ?? '', /^\/login\?reason=inactive_session/)
  }
  assert.equal((await browser.go('/account/sessions')).status, 200)
})

test('AUR-15 past the inactivity period a page leads to the sign-in, a program hears 401', async (t) => {
  const server = await aServer(t, { config: { policy: 'aurora' } })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  server.clock.advance(60 * 60_000)
  assert.equal((await browser.go('/account/sessions')).status, 200)
  server.clock.advance(60 * 60_000 + 1)
  const page = await browser.go('/account/sessions?a=1')
  assert.equal(page.status, 303)
  assert.equal(page.location, '/login?reason=idle_timeout&return_to=%2Faccount%2Fsessions%3Fa%3D1')
  const api = await browser.call('GET', '/api/v1/sessions')
  assert.equal(api.status, 401)
  assert.partialDeepStrictEqual(api.json(), { error: 'inactive_session', reason: 'idle_timeout' })
  assert.ok((await browser.go(page.location)).text.includes(endSentences.idle_timeout))
})

test('SLI-34 five sign-ins are five active sessions', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com')
  const browsers = await Promise.all(Array.from({ length: 5 }, () => server.signedIn('uma@example.com')))
  assert.equal((await server.sessions.list({ subject })).items.length, 5)
  for (const browser of browsers) assert.equal((await browser.go('/account/sessions')).status, 200)
})

test('SLI-22 SLI-37 each session can be ended by each other, and the rest live on', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const names = ['a', 'b', 'c'] as const
  for (const ending of names)
    for (const ended of names.filter((name) => name !== ending)) {
      const [a, b, c] = [await signIn(), await signIn(), await signIn()]
      const browsers = { a, b, c }
      const target = await idOf(browsers[ended])
      assert.equal((await browsers[ending].call('DELETE', `/api/v1/sessions/${target}`)).status, 204)
      for (const name of names) {
        const { status } = await browsers[name].call('GET', '/api/v1/sessions')
        assert.equal(status, name === ended ? 401 : 200, `${ending} ended ${ended}, ${name} asks`)
      }
    }

  function signIn() {
    return server.signedIn('uma@example.com')
  }
})

interface Listed {
  readonly sessions: readonly { readonly id: string; readonly is_current: boolean }[]
}
interface Status {
  readonly id: string | null
  readonly state: string
  readonly subject: string | null
}
