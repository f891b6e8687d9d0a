import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../a-server.ts'
import type { Ask } from '../browser.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'
import {
  anIntegrationServer,
  campus,
  elsewhere,
  enter,
  from,
  path,
  recordOf,
  who,
} from './integration-server.ts'

test('the sign-in page offers an institution to whoever stands in its network, IPv4 or IPv6, and to nobody else', async (t) => {
  const server = await anIntegrationServer(t)
  await server.network()
  const offers = async (address: string) =>
    (await server.browser().go('/login?return_to=%2Faccount', from(address))).text.includes(
      'Continue as State Library',
    )
  for (const address of [
    campus,
    '::ffff:192.0.2.7',
    '::ffff:c000:0207',
    '2001:db8:7::1',
    '[2001:db8:7::1]:443',
  ])
    assert.equal(await offers(address), true, address)
  for (const address of [
    elsewhere,
    '192.0.3.1',
    '2001:db8:8::1',
    '::1',
    'unknown',
    '192.0.2.7.evil.test',
    '',
  ])
    assert.equal(await offers(address), false, address)
})

test('the button signs in and leads back to a path of this server, never to another', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network()
  for (const [returnTo, location] of [
    ['/somewhere?a=1', '/somewhere?a=1'],
    ['https://evil.test/', '/'],
    ['//evil.test', '/'],
    ['', '/'],
  ] as const) {
    const browser = server.browser()
    assert.equal((await enter(browser, network, campus, { return_to: returnTo })).location, location)
    assert.equal((await who(browser)).isIn, true)
  }
  assert.equal((await server.browser().go('/login/ip')).location, '/login')
})

test('R-74 from a peer that is no proxy, what a request says of its address does nothing', async (t) => {
  const server = await aServer(t)
  const ada = await aSuperAdmin(server)
  const body = { kind: 'ip', name: 'State Library', settings: { ranges: ['192.0.2.0/24'], entry: 'at-once' } }
  const network = (await ada.call('POST', path, body)).json() as { id: string; revision: number }
  const forged = [
    from(campus),
    { 'x-real-ip': campus },
    { forwarded: `for=${campus}` },
    { 'true-client-ip': campus, 'cf-connecting-ip': campus, 'x-client-ip': campus },
  ]
  for (const headers of forged) {
    const browser = server.browser()
    const page = await browser.go('/login', headers)
    assert.equal(page.status, 200)
    assert.doesNotMatch(page.text, /Continue as/)
    assert.equal((await browser.submit('/login/ip', { integration: network.id }, headers)).status, 403)
    assert.equal((await who(browser)).isIn, false)
  }
  const local = { revision: network.revision, settings: { ranges: ['127.0.0.1'] } }
  assert.equal((await ada.call('POST', `${path}/${network.id}`, local)).status, 200)
  assert.equal((await server.browser().submit('/login/ip', { integration: network.id })).status, 303)
})

test('R-74 behind proxies the address is what the outermost trusted one wrote; where one wrote nothing, nobody comes in', async (t) => {
  const server = await anIntegrationServer(t, {}, { config: { trustProxy: 2 } })
  // The proxies themselves stand in the range.
  const network = await server.network({ ranges: ['192.0.2.0/24', '127.0.0.0/8', '10.0.0.0/8'] })
  for (const [header, isIn] of [
    [`${campus}, 10.0.0.1`, true],
    [`${elsewhere}, 10.0.0.1`, false],
    [`${campus}, ${elsewhere}, 10.0.0.1`, false],
    [`${campus}, ${campus}, ${elsewhere}, 10.0.0.1`, false],
    [`${elsewhere}, ${campus}, 10.0.0.1`, true],
    [campus, false],
    ['', false],
    ['unknown, 10.0.0.1', false],
    [', 10.0.0.1', false],
  ] as const) {
    const browser = server.browser()
    await enter(browser, network, header)
    assert.equal((await who(browser)).isIn, isIn, header)
  }
})

test('a network that says so lets a person in at once, who opened a page and asked for nothing else', async (t) => {
  const server = await anIntegrationServer(t)
  await server.network({ entry: 'at-once' })
  for (const address of [
    '/login',
    '/login?reason=login_required&return_to=%2Fx',
    '/login?reason=idle_timeout',
  ]) {
    const browser = server.browser()
    const answer = await browser.go(address, { ...from(campus), 'sec-fetch-site': 'cross-site' })
    assert.equal(answer.location, address.includes('return_to') ? '/x' : '/', address)
    assert.equal((await who(browser)).isIn, true)
  }
})

test('A-13 nothing but a page that a person opens signs in at once: no HEAD, prefetch, image, frame, script, old client', async (t) => {
  const server = await anIntegrationServer(t)
  await server.network({ entry: 'at-once' })
  const asks: readonly Ask[] = [
    { method: 'HEAD' },
    { headers: { 'sec-purpose': 'prefetch' } },
    { headers: { 'sec-purpose': 'prefetch;prerender' } },
    { headers: { purpose: 'prefetch' } },
    { headers: { 'x-moz': 'prefetch' } },
    { headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' } },
    { headers: { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' } },
    { headers: { 'sec-fetch-dest': 'embed' } },
    { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } },
    { headers: { 'sec-fetch-mode': '', 'sec-fetch-dest': '', 'sec-fetch-site': '' } },
  ]
  for (const { method = 'GET', headers = {} } of asks) {
    const browser = server.browser()
    const navigation = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const answer = await browser.ask('/login', {
      method,
      headers: { ...navigation, ...from(campus), ...headers },
    })
    assert.equal(answer.headers['set-cookie'], undefined, JSON.stringify(headers))
    assert.equal((await who(browser)).isIn, false)
  }
  const found = await server.sessions.list({ method: 'ip', state: 'any' })
  assert.equal(found.items.length, 0)
})

test('nobody is let in at once again who has just signed out, or was signed out by somebody; the button is there', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network({ entry: 'at-once' })
  const browser = server.browser()
  await browser.go('/login', from(campus))
  const out = await browser.submit('/logout', {}, from(campus))
  const page = await browser.go(out.location ?? '', from(campus))
  assert.equal(page.status, 200)
  assert.match(page.text, /Continue as State Library/)
  await enter(browser, network)
  const { id } = await recordOf(server, browser)
  await server.sessions.end({ id }, 'admin_revoked')
  assert.equal((await browser.go('/login', from(campus))).status, 200)
  assert.equal((await browser.go('/login?reason=password_reset', from(campus))).status, 200)
})

test('in the networks of two institutions at once a person says which it is', async (t) => {
  const server = await anIntegrationServer(t)
  await server.network({ entry: 'at-once' })
  await server.make('ip', { ranges: ['192.0.2.0/28'], entry: 'at-once' }, { name: 'City Library' })
  const page = await server.browser().go('/login', from(campus))
  assert.match(page.text, /Continue as City Library[^]*Continue as State Library/)
})

test('A-13 another site cannot press the button, and whoever is signed in stays who they are', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network({ entry: 'at-once' })
  const browser = server.browser()
  const cross = { ...from(campus), origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
  assert.equal((await browser.submit('/login/ip', { integration: network.id }, cross)).status, 403)
  assert.equal((await who(browser)).isIn, false)
  await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  const before = await who(uma)
  assert.equal((await uma.go('/login', from(campus))).location, '/')
  assert.deepEqual(await who(uma), before)
})

test('who is let in sees and changes nothing of an account that others share, and is asked to say who they are', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network({ entry: 'at-once' })
  const [one, two] = [server.browser(), server.browser()]
  await enter(one, network)
  await enter(two, network)
  for (const page of [
    '/account',
    '/account/sessions',
    '/account/password',
    '/account/security',
    '/account/email',
  ])
    assert.equal(
      (await one.go(page)).location,
      `/login?reason=person_required&return_to=${encodeURIComponent(page)}`,
    )
  const sign = await one.go('/login?reason=person_required&return_to=%2Faccount', from(campus))
  assert.equal(sign.status, 200)
  assert.match(sign.text, /sign in as yourself/)
  assert.equal((await one.submit('/account/password', { password: 'a long enough password' })).status, 303)
  for (const method of ['GET', 'DELETE'])
    assert.equal((await one.call(method, '/api/v1/sessions?except=current')).status, 403)
  const { id } = await recordOf(server, two)
  assert.equal((await one.call('DELETE', `/api/v1/sessions/${id}`)).status, 403)
  assert.equal((await one.submit(`/account/sessions/${id}/end`)).status, 303)
  assert.equal((await one.submit('/logout', { global_logout: 't' })).status, 303)
  assert.equal((await who(two)).isIn, true)
  assert.match((await two.go('/')).text, /You are let in by State Library/)
  assert.doesNotMatch((await two.go('/logout')).text, /global_logout/)
  assert.equal((await two.call('POST', '/api/v1/session/keep-alive', {})).status, 200)
  await server.person('uma@example.com')
  const own = await two.submit('/login', { email: 'uma@example.com', password: 'correct horse battery' })
  assert.equal(own.status, 303)
  assert.equal((await two.go('/account/sessions')).status, 200)
})

test('R-77 who tries from outside again and again is slowed down, with when to try again; sign-ins by password are not', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network()
  const tries = async () => (await enter(server.browser(), network, elsewhere)).status
  for (let count = 0; count < 50; count++) assert.equal(await tries(), 403)
  const refused = await enter(server.browser(), network, elsewhere)
  assert.equal(refused.status, 429)
  assert.match(refused.headers['retry-after'] ?? '', /^\d+$/)
  assert.equal((await enter(server.browser(), network)).status, 303)
  await server.person('uma@example.com')
  const credentials = { email: 'uma@example.com', password: 'correct horse battery' }
  assert.equal((await server.browser().submit('/login', credentials, from(elsewhere))).status, 303)
})

test('a disabled or removed network lets in nobody, and one whose kind is another’s never', async (t) => {
  const server = await anIntegrationServer(t)
  const network = await server.network({ entry: 'at-once' })
  const site = await server.site()
  assert.equal((await enter(server.browser(), site)).status, 403)
  await server.ada.call('POST', `${path}/${network.id}`, { revision: 1, enabled: false })
  assert.equal((await server.browser().go('/login', from(campus))).status, 200)
  assert.equal((await enter(server.browser(), network)).status, 403)
})
