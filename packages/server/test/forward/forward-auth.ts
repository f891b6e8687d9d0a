import assert from 'node:assert/strict'
import { request } from 'node:http'
import { aServer, idOf, type Given, type RunningTest } from '../a-server.ts'
import type { Answer, Browser } from '../browser.ts'
import type { Declare, OpenGround } from '../admin-api/admin-api.ts'
import type { TestContext } from 'node:test'

export const verifyPath = '/api/v1/verify'
/** The origin of the server by its settings, on which the application stands too. */
export const site = 'http://localhost:0'
const minute = 60_000

/** What a browser says when somebody opens a page. */
export const navigation = {
  accept: 'text/html,*/*;q=0.8',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** A server behind one proxy, whose sessions regenerate every hour. */
export async function aGuard(t: TestContext, given: Given = {}): Promise<RunningTest> {
  const policy = { idleTimeout: '2h', touchEvery: '1m', regenerateEvery: '1h' } as const
  return aServer(t, { ...given, config: { policy, trustProxy: 1, ...given.config } })
}

/** Asks as a proxy does about a request of a browser for `/page`. */
export function verify(
  browser: Browser,
  headers: { readonly [name: string]: string } = {},
  query = '',
): Promise<Answer> {
  const said = {
    'x-forwarded-method': 'GET',
    'x-forwarded-uri': '/page',
    'x-forwarded-host': new URL(site).host,
    'x-forwarded-proto': 'http',
    'x-forwarded-for': '192.0.2.7',
  }
  return browser.ask(verifyPath + query, { headers: { ...said, ...navigation, ...headers } })
}

/** What holds for forward authentication, on any store. */
export function forwardAuthOn(test: Declare, name: string, open: OpenGround): void {
  test(`${name}: R-34 R-69 who is signed in is told in headers, never the token; out at once where the session ends`, async (t) => {
    const server = await aGuard(t, await open(t))
    const uma = await server.person('uma@example.com', { roles: ['store-admin'] })
    const browser = await server.signedIn('uma@example.com')
    const id = await idOf(browser)
    const answer = await verify(browser)
    assert.equal(answer.status, 200)
    assert.equal(answer.text, '')
    const { headers } = answer
    const told = Object.fromEntries(Object.entries(headers).filter(([one]) => one.startsWith('x-sojourn-')))
    assert.deepEqual(told, {
      'x-sojourn-subject': uma.id,
      'x-sojourn-session': id,
      'x-sojourn-assurance': '1',
      'x-sojourn-method': 'password',
      'x-sojourn-roles': 'store-admin,administrator',
      'x-sojourn-actor': '',
    })
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['set-cookie'], undefined)
    const secret = browser.cookie.split('.')[1] ?? '-'
    assert.ok(!JSON.stringify(headers).includes(secret))
    await server.sessions.end({ id }, 'admin_revoked')
    const out = await verify(browser)
    assert.equal(out.status, 401)
    assert.partialDeepStrictEqual(out.json(), { reason: 'admin_revoked' })
    assert.equal(out.headers['x-sojourn-subject'], undefined)
    assert.equal(out.headers['x-sojourn-login'], `${site}/login?reason=admin_revoked&return_to=%2Fpage`)
  })

  test(`${name}: R-20 a disabled account and a role that was taken away hold at the next request`, async (t) => {
    const server = await aGuard(t, await open(t))
    const uma = await server.person('uma@example.com', { roles: ['store-admin'] })
    const browser = await server.signedIn('uma@example.com')
    assert.equal((await verify(browser, {}, '?role=store-admin')).status, 200)
    await server.accounts.setRoles(uma.id, ['user'])
    assert.equal((await verify(browser, {}, '?role=store-admin')).status, 403)
    assert.equal((await verify(browser)).headers['x-sojourn-roles'], 'user')
    await server.accounts.disable(uma.id)
    const out = await verify(browser)
    assert.equal(out.status, 401)
    assert.partialDeepStrictEqual(out.json(), { reason: 'account_disabled' })
    assert.equal((await server.sessions.list({ subject: uma.id })).items.length, 0)
  })

  test(`${name}: SLI-02 a request through the proxy is activity, unless nobody has made it`, async (t) => {
    const server = await aGuard(t, await open(t))
    await server.person('uma@example.com')
    const [active, polled, loaded] = [
      await server.signedIn('uma@example.com'),
      await server.signedIn('uma@example.com'),
      await server.signedIn('uma@example.com'),
    ]
    for (let i = 0; i < 4; i++) {
      server.clock.advance(30 * minute + 15_001)
      await verify(active)
      await verify(polled, { 'x-forwarded-uri': '/poll/news?since=1' }, '?passive=/poll/*')
      await verify(loaded, { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' })
      await server.sessions.flush()
    }
    assert.equal((await verify(active)).status, 200)
    for (const browser of [polled, loaded])
      assert.partialDeepStrictEqual((await verify(browser)).json(), { reason: 'idle_timeout' })
  })

  test(`${name}: A-04 a token that is due is replaced through the proxy, by one cookie; who does not get it stays signed in`, async (t) => {
    const server = await aGuard(t, await open(t))
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    const before = browser.cookie
    server.clock.advance(61 * minute)
    // A proxy that loses the answer.
    for (let i = 0; i < 3; i++) {
      const lost = await ask(browser, before)
      assert.deepEqual([lost.status, lost.cookies], [200, 1])
      server.clock.advance(minute)
    }
    const { status, headers } = await verify(browser)
    assert.equal(status, 200)
    assert.equal(headers['set-cookie']?.length, 1)
    assert.notEqual(browser.cookie, before)
    assert.equal((await verify(browser)).headers['set-cookie'], undefined)
  })

  test(`${name}: P-05 R-30 requests within touchEvery write nothing`, async (t) => {
    const given = await open(t)
    const server = await aGuard(t, given)
    await server.person('uma@example.com')
    const browser = await server.signedIn('uma@example.com')
    await verify(browser)
    await server.sessions.flush()
    const before = await given.store.find(await idOf(browser))
    server.clock.advance(59_000)
    for (let i = 0; i < 20; i++) assert.equal((await verify(browser)).status, 200)
    assert.deepEqual(await given.store.find(await idOf(browser)), before)
  })
}

/** The status of a verification with a cookie of the caller's, whose answer reaches no browser. */
function ask(
  browser: Browser,
  cookie: string,
): Promise<{ readonly status: number; readonly cookies: number }> {
  const { port, host } = new URL(browser.origin)
  const headers = { host, cookie, 'user-agent': browser.userAgent, ...navigation }
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: verifyPath, headers, agent: false },
      (response) => {
        response.resume()
        const { statusCode = 0, headers } = response
        response.on('end', () => resolve({ status: statusCode, cookies: headers['set-cookie']?.length ?? 0 }))
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}
