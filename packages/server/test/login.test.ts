import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endSentences } from 'sojourn'
import { aServer, password } from './a-server.ts'

const second = 1_000

test('SLI-16 an individual limit of 0 prevents login with its own reason and starts nothing', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com', { sessionLimit: 0 })
  const browser = server.browser()
  const answer = await browser.submit('/login', { email: 'uma@example.com', password })
  assert.equal(answer.status, 403)
  assert.match(answer.text, /limit of sessions is 0/)
  assert.match(answer.text, /value="uma@example.com"/)
  assert.equal(browser.cookie, '')
  assert.deepEqual((await server.sessions.list({ subject, state: 'any' })).items, [])
  assert.ok(server.lines.some((line) => line.includes('login_disabled_by_limit')))
})

test('P-08 a refusal by a limit never counts as a failed password', async (t) => {
  const server = await aServer(t, { config: { policy: { limit: 1, onExceed: 'deny' } } })
  await server.person('uma@example.com')
  await server.person('zoe@example.com', { sessionLimit: 0 })
  const holder = await server.signedIn('uma@example.com')
  const browser = server.browser()
  for (let i = 0; i < 60; i++) {
    for (const email of ['uma@example.com', 'zoe@example.com']) {
      const answer = await browser.submit('/login', { email, password })
      assert.equal(answer.status, 403)
    }
  }
  await holder.submit('/logout')
  assert.equal((await browser.submit('/login', { email: 'uma@example.com', password })).status, 303)
})

test('SLI-13 an individual limit prevails over the policy’s in both directions', async (t) => {
  const server = await aServer(t, { config: { policy: { limit: 2 } } })
  const wide = await server.person('wide@example.com', { sessionLimit: 3 })
  const narrow = await server.person('narrow@example.com', { sessionLimit: 1 })
  const plain = await server.person('plain@example.com')
  for (const [{ id: subject, email }, live] of [
    [wide, 3],
    [narrow, 1],
    [plain, 2],
  ] as const) {
    for (let i = 0; i < 4; i++) await server.signedIn(email)
    assert.equal((await server.sessions.list({ subject })).items.length, live)
  }
})

test('AUR-21 AUR-22 under the aurora preset an administrator has one session, others as many as they like', async (t) => {
  const server = await aServer(t, { env: { SOJOURN_POLICY: 'aurora' } })
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const sam = await server.person('sam@example.com', { roles: ['store-admin'] })
  const uma = await server.person('uma@example.com')
  const first = await server.signedIn('ada@example.com')
  server.clock.advance(second)
  const next = await server.signedIn('ada@example.com')
  const evicted = await first.go('/account/sessions')
  assert.match(evicted.location ?? '', /reason=evicted_by_limit/)
  assert.ok((await first.go(evicted.location ?? '')).text.includes(endSentences.evicted_by_limit))
  assert.equal((await next.go('/account/sessions')).status, 200)
  for (let i = 0; i < 2; i++) {
    await server.signedIn('sam@example.com')
    await server.signedIn('uma@example.com')
  }
  assert.equal((await server.sessions.list({ subject: sam.id })).items.length, 1)
  assert.equal((await server.sessions.list({ subject: uma.id })).items.length, 2)
})

test('A-20 R-46 after a sign-in one never leaves this origin', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const corpus = [
    '//e',
    '/\\e',
    '/\t/e',
    '\\\\e',
    'https:e',
    '///e',
    'javascript:alert(1)',
    'data:text/html,x',
    '//good@e',
    '/..//e',
    '/x\r\nSet-Cookie: a=b',
    'https://good.e',
    '/\u2044/e',
    '/@e',
    '/%2f%2fe',
    ' //e',
    '/ /e',
    '',
    'http:///e',
    'account/sessions',
    '.',
    '//localhost@e',
  ]
  for (const written of corpus) {
    for (const way of ['query', 'form'] as const) {
      const browser = server.browser()
      const query = way === 'query' ? `?${new URLSearchParams({ return_to: written }).toString()}` : ''
      const shown = await browser.go(`/login${query}`)
      const hidden = /name="return_to" value="([^"]*)"/.exec(shown.text)?.[1]
      const back = way === 'query' ? (hidden ?? '') : written
      const answer = await browser.submit('/login', { email: 'uma@example.com', password, return_to: back })
      assert.equal(answer.status, 303)
      const target = new URL(answer.headers.location ?? '', server.origin)
      assert.equal(target.origin, server.origin, JSON.stringify(written))
      const signedIn = await browser.go(`/login?${new URLSearchParams({ return_to: written }).toString()}`)
      assert.equal(new URL(signedIn.headers.location ?? '', server.origin).origin, server.origin)
    }
  }
  const browser = server.browser()
  const good = await browser.submit('/login', {
    email: 'uma@example.com',
    password,
    return_to: '/account/sessions?cursor=x#y',
  })
  assert.equal(good.location, '/account/sessions?cursor=x#y')
})

test('R-28 looking at the sign-in page, or prefetching it, starts nothing', async (t) => {
  const server = await aServer(t)
  const browser = server.browser()
  for (const path of ['/', '/login', '/signup', '/logout', '/account/sessions'])
    await browser.go(path, { 'sec-purpose': 'prefetch;prerender' })
  assert.equal(browser.cookie, '')
  assert.deepEqual((await server.sessions.list({ state: 'any' })).items, [])
})

test('P-11 the sentence comes from the holder’s own session, else from a closed list, never from the address', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  await server.sessions.end({ subject }, 'admin_revoked')
  const told = await browser.go('/login?reason=idle_timeout')
  assert.ok(told.text.includes(endSentences.admin_revoked))
  assert.ok(!told.text.includes(endSentences.idle_timeout))
  const stranger = await server.browser().go('/login?reason=idle_timeout')
  assert.ok(stranger.text.includes(endSentences.idle_timeout))
  for (const planted of ['<b>Call 555</b>', 'call-555', '__proto__', 'toString'])
    assert.ok(
      !(await server.browser().go(`/login?reason=${encodeURIComponent(planted)}`)).text.includes(
        planted.slice(1),
      ),
    )
})

test('a signed-in person who opens the sign-in page is led on', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  assert.equal((await browser.go('/login')).location, '/')
  assert.equal((await browser.go('/login?return_to=/account')).location, '/account')
  assert.equal((await browser.go('/signup')).location, '/')
  assert.equal((await browser.go('/')).location, '/account/sessions')
})
