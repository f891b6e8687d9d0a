import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer, idOf } from './a-server.ts'
import type { Answer, Browser } from './browser.ts'

test('ROD-03 R-19 after a logout the cookie opens nothing, and the browser is told to forget it', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const { cookie } = browser
  const answer = await browser.submit('/logout')
  assert.equal(answer.location, '/login?reason=user_logout')
  const name = cookie.split('=')[0] ?? ''
  assert.deepEqual(answer.headers['set-cookie'], [
    `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
  ])
  assert.equal(browser.cookie, '')
  const replayed = await server.browser().go('/account/sessions', { cookie })
  assert.equal(replayed.location, '/login?reason=user_logout&return_to=%2Faccount%2Fsessions')
  assert.equal((await server.browser().call('GET', '/api/v1/sessions', undefined, { cookie })).status, 401)
})

test('ROD-04 ROD-16 ROD-17 a checkbox on the logout page ends all sessions of the account', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  await server.person('zoe@example.com')
  const other = await server.signedIn('zoe@example.com')
  const [here, there] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  const page = await here.go('/logout')
  assert.match(page.text, /name="global_logout"/)
  assert.match(page.text, /Logout all Logged In Sessions\?/)
  await here.submit('/logout', { global_logout: 't' })
  const refused = await there.go('/account/sessions')
  assert.match(refused.location ?? '', /reason=user_logout/)
  assert.equal((await other.go('/account/sessions')).status, 200)
})

test('ROD-04 without it the other sessions live on', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const [here, there] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  await here.submit('/logout', { global_logout: '' })
  assert.equal((await there.go('/account/sessions')).status, 200)
})

test('ROD-16 ROD-17 the label and the parameter of the global logout are settings', async (t) => {
  const config = { globalLogoutLabel: 'Überall abmelden?', globalLogoutField: 'everywhere' }
  const server = await aServer(t, { config })
  await server.person('uma@example.com')
  const [here, there] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  assert.match((await here.go('/logout')).text, /name="everywhere"[^]*Überall abmelden\?/)
  await here.submit('/logout', { everywhere: 't' })
  assert.equal((await there.go('/account/sessions')).status, 303)
})

test('ROD-14 ROD-15 a session that is gone leads to a place that is a setting, with a sentence', async (t) => {
  for (const [loginPath, text] of [
    ['/', 'This session has been logged out'],
    ['/login', 'Abgemeldet'],
  ] as const) {
    const server = await aServer(t, { config: { loginPath, inactiveSentence: text } })
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const { cookie } = browser
    const broken = `${cookie.slice(0, -2)}${cookie.at(-2) === 'A' ? 'B' : 'A'}${cookie.at(-1)}`
    const stranger = server.browser()
    const answer = await stranger.go('/account/sessions', { cookie: broken })
    assert.equal(answer.location, `${loginPath}?reason=inactive_session&return_to=%2Faccount%2Fsessions`)
    const shown = await stranger.open(answer.location)
    assert.equal(shown.status, 200)
    assert.ok(shown.text.includes(text))
  }
})

test('ROD-18 a program whose session is no longer active hears 401 and why', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  await server.sessions.end({ subject }, 'bulk_revoked')
  const answer = await browser.call('GET', '/api/v1/sessions')
  assert.equal(answer.status, 401)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.partialDeepStrictEqual(answer.json(), {
    status: 401,
    error: 'inactive_session',
    reason: 'bulk_revoked',
  })
})

test('R-42 GET of the logout asks, and changes nothing', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  for (const [method, headers] of [
    ['GET', {}],
    ['HEAD', {}],
    ['GET', { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['GET', { 'sec-purpose': 'prefetch' }],
  ] as const)
    assert.equal((await browser.ask('/logout', { method, headers })).status, 200)
  assert.equal((await browser.go('/account/sessions')).status, 200)
  assert.equal((await server.browser().go('/logout')).location, '/login')
})

test('R-22 every page of a signed-in person has a way to sign out', async (t) => {
  const server = await aServer(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const browser = await server.signedIn('ada@example.com')
  const { id } = (await browser.call('GET', '/api/v1/session')).json() as { id: string }
  const pages = [
    '/account/sessions',
    '/logout',
    '/nova/resources/auth-sessions',
    `/nova/resources/auth-sessions/${id}`,
    '/nowhere',
    '/login?reason=reauth_required',
  ]
  for (const path of pages) {
    const { text } = await browser.go(path)
    assert.match(text, /<form method="post" action="\/logout"[^>]*>[^]*?<button/, path)
  }
})

test('R-25 whoever signs out, by whichever way, has the browser forget what it keeps of this site', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const ways: readonly ((browser: Browser, id: string) => Promise<Answer>)[] = [
    (browser) => browser.submit('/logout'),
    (browser) => browser.submit('/logout', { global_logout: 't' }),
    (browser, id) => browser.submit(`/account/sessions/${id}/end`),
    (browser, id) => browser.call('DELETE', `/api/v1/sessions/${id}`),
  ]
  for (const signOut of ways) {
    const browser = await server.signedIn('uma@example.com')
    const { headers } = await signOut(browser, await idOf(browser))
    assert.equal(headers['clear-site-data'], '"cache", "cookies", "storage"')
    for (const cookie of headers['set-cookie'] ?? [])
      assert.match(cookie, /; Max-Age=0$/, 'nothing is set that is to stay')
  }
})

test('R-25 what is kept of a session that goes on, or of somebody else, is not cleared', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const [here, there] = [await server.signedIn('uma@example.com'), await server.signedIn('uma@example.com')]
  const answers = [
    await here.submit(`/account/sessions/${await idOf(there)}/end`),
    await here.submit('/account/sessions/end-others'),
    await here.submit('/logout', {}, { 'sec-fetch-site': 'cross-site' }),
    await here.go('/logout'),
  ]
  for (const { headers } of answers) assert.equal(headers['clear-site-data'], undefined)
})

test('R-25 what is cleared is a setting, for a domain whose cookies are not this server’s alone', async (t) => {
  for (const [written, header] of [
    ['storage,cache', '"cache", "storage"'],
    ['none', undefined],
  ] as const) {
    const server = await aServer(t, { env: { SOJOURN_CLEAR_SITE_DATA: written } })
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    assert.equal((await browser.submit('/logout')).headers['clear-site-data'], header)
  }
})
