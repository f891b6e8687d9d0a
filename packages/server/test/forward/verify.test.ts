import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionHeaders } from '../../src/forward/session-headers.ts'
import { memory } from 'sojourn/stores/memory'
import { cached } from 'sojourn/stores/cached'
import { failingStore } from '../failing-store.ts'
import { password } from '../a-server.ts'
import { aGuard, site, verify } from './forward-auth.ts'

const minute = 60_000
const shop = 'https://shop.example.com'

test('R-46 A-20 the sign-in is named with a way back that leads nowhere else', async (t) => {
  const server = await aGuard(t, { config: { url: 'https://login.example.com', applications: [shop] } })
  const way = async (host: string, uri: string, more: { readonly [name: string]: string } = {}) => {
    const { headers } = await verify(server.browser(), {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': host,
      'x-forwarded-uri': uri,
      ...more,
    })
    assert.ok(headers['x-sojourn-login'], `${host} ${uri}`)
    const to = new URL(String(headers['x-sojourn-login']))
    assert.equal(to.origin + to.pathname, 'https://login.example.com/login')
    assert.equal(to.searchParams.get('reason'), 'login_required')
    return to.searchParams.get('return_to')
  }
  assert.equal(await way('login.example.com', '/orders?page=2'), '/orders?page=2')
  assert.equal(
    await way('shop.example.com', '/orders?page=2'),
    `/continue?to=${encodeURIComponent(`${shop}/orders?page=2`)}`,
  )
  assert.equal(
    await way('shop.example.com', '/orders', {
      'x-forwarded-method': 'POST',
      'sec-fetch-site': 'same-origin',
    }),
    null,
  )
  for (const host of [
    'evil.example',
    'shop.example.com.evil.example',
    'shop.example.com:8443',
    'shop.example.com@evil.example',
    '',
    'SHOP example',
  ])
    assert.equal(await way(host, '/orders'), null, host)
  assert.equal(await way('shop.example.com', '/orders', { 'x-forwarded-proto': 'http' }), null)
  for (const uri of [
    '//evil.example',
    '/\\evil.example',
    '/..//evil.example',
    'https://evil.example/',
    '',
    '/a\\b',
    `/${'x'.repeat(3_000)}`,
  ])
    for (const host of ['login.example.com', 'shop.example.com'])
      assert.equal(await way(host, uri), null, `${host} ${uri}`)
})

test('A-20 /continue leads to the applications alone', async (t) => {
  const server = await aGuard(t, { config: { applications: [shop] } })
  const lead = (to: string) => server.browser().go(`/continue?${new URLSearchParams({ to }).toString()}`)
  const good = await lead(`${shop}/orders?a=1&b="2"`)
  assert.deepEqual([good.status, good.headers['refresh']], [200, `0; url=${shop}/orders?a=1&b=%222%22`])
  assert.ok(good.text.includes(`href="${shop}/orders?a=1&amp;b=%222%22"`))
  for (const to of [
    '',
    shop,
    '/orders',
    `${shop}.evil.example/`,
    `${shop}@evil.example/`,
    `${shop}//evil.example`,
    `${shop}/..//evil.example`,
    `http://shop.example.com/`,
    `javascript:alert(1)//${shop}/`,
    `${shop}/\r\nSet-Cookie: a=b`,
  ])
    assert.equal((await lead(to)).status, 400, to)
})

test('the whole way: sent to sign in from an application on another host, and back', async (t) => {
  const server = await aGuard(t, { config: { applications: [shop] } })
  await server.person('uma@example.com')
  const browser = server.browser()
  const about = {
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example.com',
    'x-forwarded-uri': '/cart',
  }
  const { searchParams } = new URL((await verify(browser, about, '?redirect=1')).headers.location ?? '')
  const back = searchParams.get('return_to') ?? ''
  const answer = await browser.submit('/login', { email: 'uma@example.com', password, return_to: back })
  assert.equal(answer.status, 303)
  assert.equal((await browser.go(answer.location ?? '')).headers['refresh'], `0; url=${shop}/cart`)
  assert.equal((await verify(browser, about, '?redirect=1')).status, 200)
})

test('redirect=1 answers 302 to whoever looks at pages, and 401 to programs', async (t) => {
  const server = await aGuard(t)
  const browser = server.browser()
  const page = await verify(browser, {}, '?redirect=1')
  assert.equal(page.status, 302)
  assert.equal(page.headers.location, page.headers['x-sojourn-login'])
  const program = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
  const called = await verify(browser, program, '?redirect=1')
  assert.deepEqual(
    [called.status, called.headers.location, called.headers['x-sojourn-login']],
    [401, undefined, undefined],
  )
  const byFetch = await verify(
    browser,
    { 'sec-fetch-mode': 'cors', 'x-forwarded-sec-fetch-mode': 'navigate' },
    '?redirect=1',
  )
  assert.equal(byFetch.status, 302)
})

test('R-29 a role, an assurance or a fresh sign-in that is missing is 403, and a fresh one can be had', async (t) => {
  const server = await aGuard(t)
  await server.person('uma@example.com', { roles: ['store-admin'] })
  const browser = await server.signedIn('uma@example.com')
  const status = async (query: string) => (await verify(browser, {}, query)).status
  assert.equal(await status('?role=super-admin'), 403)
  assert.equal(await status('?role=super-admin&role=store-admin'), 200)
  assert.equal(await status('?role=administrator&assurance=1&maxAge=10m'), 200)
  const weak = await verify(browser, {}, '?assurance=2')
  assert.equal(weak.status, 403)
  assert.partialDeepStrictEqual(weak.json(), { reason: 'step_up_required' })
  server.clock.advance(10 * minute)
  assert.equal(await status('?maxAge=10m'), 200)
  server.clock.advance(1)
  const stale = await verify(browser, {}, '?maxAge=10m')
  assert.equal(stale.status, 403)
  assert.partialDeepStrictEqual(stale.json(), { reason: 'reauth_required' })
  assert.match(String(stale.headers['x-sojourn-login']), /reason=reauth_required&return_to=%2Fpage$/)
  assert.equal(await status('?maxAge=10m&redirect=1'), 302)
  assert.equal(await status('?role=super-admin&redirect=1'), 403)
})

test('R-73 a query that does not read lets nobody in', async (t) => {
  const server = await aGuard(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  for (const query of [
    'roles=x',
    'role=',
    'role=a%20b',
    'assurance=4',
    'assurance=',
    'assurance=1&assurance=2',
    'maxAge=soon',
    'maxAge=0s',
    'redirect=yes',
    'passive=poll',
    'Role=x',
    'maxage=10m',
    'x',
  ])
    assert.equal((await verify(browser, {}, `?${query}`)).status, 400, query)
  for (let i = 0; i < 200; i++) await verify(browser, {}, `?role=r${i}`)
  assert.equal((await verify(browser, {}, '?role=user')).status, 200)
})

test('A-13 R-39 a request that changes something and comes from another origin does not pass, a sibling neither', async (t) => {
  const server = await aGuard(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const post = (headers: { readonly [name: string]: string }) =>
    verify(browser, { 'x-forwarded-method': 'POST', 'sec-fetch-site': '', ...headers })
  for (const site of ['cross-site', 'same-site', 'none']) {
    const refused = await post({ 'sec-fetch-site': site })
    assert.equal(refused.status, 403, site)
    assert.partialDeepStrictEqual(refused.json(), { error: 'cross_site_request' })
  }
  assert.equal((await post({ origin: 'https://evil.example' })).status, 403)
  assert.equal((await post({})).status, 403)
  assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal((await post({ origin: site })).status, 200)
  // A link from elsewhere is followed.
  assert.equal((await verify(browser, { 'sec-fetch-site': 'cross-site' })).status, 200)
})

test('R-74 without a trusted proxy nothing is believed that a client says of a request', async (t) => {
  const server = await aGuard(t, {
    config: { trustProxy: 0, policy: { idleTimeout: '2h', touchEvery: '0s' } },
  })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  assert.equal(
    (await verify(browser, { 'x-forwarded-method': 'POST', 'sec-fetch-site': 'cross-site' })).status,
    200,
  )
  const { headers } = await verify(server.browser(), { 'x-forwarded-uri': '/page' })
  assert.match(String(headers['x-sojourn-login']), /\/login\?reason=login_required$/)
})

test('P-10 R-08 no refresh token is spent for a proxy: the sign-in restores, without asking', async (t) => {
  const server = await aGuard(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com', undefined, { remember: 't' })
  server.clock.advance(3 * 60 * minute)
  const cookies = browser.cookie
  for (let i = 0; i < 5; i++) {
    const out = await verify(browser)
    assert.deepEqual([out.status, out.headers['set-cookie']], [401, undefined])
    server.clock.advance(minute)
  }
  assert.equal(browser.cookie, cookies)
  const way = new URL(String((await verify(browser)).headers['x-sojourn-login']))
  const answer = await browser.go(way.pathname + way.search)
  assert.deepEqual([answer.status, answer.location], [303, '/page'])
  assert.equal((await verify(browser)).status, 200)
})

test('A-30 R-73 while the store is down nobody passes, whatever the policy says of guests', async (t) => {
  const policy = { onStoreError: 'guest', idleTimeout: '2h' } as const
  const { store, state } = failingStore()
  const server = await aGuard(t, { store, config: { policy } })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  state.down = true
  const answer = await verify(browser)
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '5'])
  state.down = false
  assert.equal((await verify(browser)).status, 200)
})

test('A-17 what a header cannot carry is percent-encoded', async (t) => {
  const server = await aGuard(t)
  const account = await server.person('uma@example.com')
  const request = { ip: null, userAgent: null, passive: false }
  const { session } = await server.sessions.start({ subject: account.id, request })
  const odd = 'u-ü\r\nSet-Cookie: a,b%'
  const headers = sessionHeaders({ ...session, actor: odd }, { ...account, id: odd })
  assert.equal(headers['X-Sojourn-Subject'], encodeURIComponent(odd))
  assert.equal(headers['X-Sojourn-Actor'], encodeURIComponent(odd))
  assert.equal(sessionHeaders(session, { ...account, id: '\ud800' })['X-Sojourn-Subject'], '%EF%BF%BD')
  assert.ok(new Headers(headers))
})

test('P-19 with the cache an account is known no longer than its bound', async (t) => {
  const server = await aGuard(t, { store: cached(memory(), { staleness: '2s' }), config: { cache: 2_000 } })
  const uma = await server.person('uma@example.com', { roles: ['store-admin'] })
  const browser = await server.signedIn('uma@example.com')
  let reads = 0
  const find = server.accounts.find.bind(server.accounts)
  server.accounts.find = (id) => (reads++, find(id))
  for (let i = 0; i < 10; i++) assert.equal((await verify(browser)).status, 200)
  assert.equal(reads, 1)
  await server.accounts.setRoles(uma.id, ['user'])
  server.clock.advance(1_999)
  assert.equal((await verify(browser, {}, '?role=store-admin')).status, 200)
  server.clock.advance(1)
  assert.equal((await verify(browser, {}, '?role=store-admin')).status, 403)
})

test('R-25 nobody keeps an answer to a proxy, whatever it is', async (t) => {
  const server = await aGuard(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }
  const guest = server.browser()
  for (const [answer, status] of [
    [await verify(browser), 200],
    [await verify(browser, {}, '?role=super-admin'), 403],
    [await verify(guest), 401],
    [await verify(guest, page, '?redirect=1'), 302],
    [await verify(browser, {}, '?unknown=1'), 400],
  ] as const) {
    assert.equal(answer.status, status)
    assert.equal(answer.headers['cache-control'], 'no-store', String(status))
  }
})
