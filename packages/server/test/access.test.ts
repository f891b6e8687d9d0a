import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyRoute } from '../src/routes/index.ts'
import type { Route } from '../src/routes/route.ts'
import { aServer, type RunningTest } from './a-server.ts'
import type { Answer, Browser } from './browser.ts'

type Viewer = 'guest' | 'user' | 'store-admin' | 'super-admin'

/** What each may expect of a route of each kind: the page or its API. */
const expected: {
  readonly [access in Route['access']]: { readonly [viewer in Viewer]: 'in' | 'login' | 'forbidden' }
} = {
  public: { guest: 'in', user: 'in', 'store-admin': 'in', 'super-admin': 'in' },
  'let-in': { guest: 'login', user: 'in', 'store-admin': 'in', 'super-admin': 'in' },
  'signed-in': { guest: 'login', user: 'in', 'store-admin': 'in', 'super-admin': 'in' },
  'store-admin': { guest: 'login', user: 'forbidden', 'store-admin': 'in', 'super-admin': 'in' },
  'super-admin': { guest: 'login', user: 'forbidden', 'store-admin': 'forbidden', 'super-admin': 'in' },
  // No cookie opens what is for programs.
  'api-key': { guest: 'login', user: 'login', 'store-admin': 'login', 'super-admin': 'login' },
}
const viewers = ['guest', 'user', 'store-admin', 'super-admin'] as const

for (const route of everyRoute)
  test(`${route.method} ${route.path} is ${route.access}`, async (t) => {
    const server = await aServer(t)
    for (const viewer of viewers) {
      const browser = await browserOf(server, viewer)
      const answer = await ask(browser, route)
      assert.equal(
        verdict(answer),
        expected[route.access][viewer],
        `${viewer}: ${answer.status} ${answer.location}`,
      )
    }
  })

test('SLI-23 the administrators’ list stands at its exact path, for Super Admins alone', async (t) => {
  const server = await aServer(t)
  const path = '/nova/resources/auth-sessions'
  const statuses = []
  for (const viewer of viewers) statuses.push((await (await browserOf(server, viewer)).go(path)).status)
  assert.deepEqual(statuses, [303, 403, 403, 200])
})

test('who loses the role loses the way in at once', async (t) => {
  const server = await aServer(t)
  await server.person('eve@example.com', { roles: ['super-admin'] })
  const { id } = await server.person('ada@example.com', { roles: ['super-admin'] })
  const browser = await server.signedIn('ada@example.com')
  assert.equal((await browser.go('/nova/resources/auth-sessions')).status, 200)
  await server.accounts.setRoles(id, ['user'])
  assert.equal((await browser.go('/nova/resources/auth-sessions')).status, 403)
  assert.equal((await browser.call('GET', '/api/v1/admin/sessions')).status, 403)
})

test('what is no route is refused by 404, signed in or not', async (t) => {
  const server = await aServer(t)
  for (const viewer of viewers) {
    const browser = await browserOf(server, viewer)
    for (const path of ['/nowhere', '/nova/x', '/account/sessions/x/y/z', '/api/v1/x', '/%00', '/.env'])
      assert.equal((await browser.go(path)).status, 404)
    assert.equal((await browser.submit('/account/sessions', {})).status, 404)
  }
})

async function browserOf(server: RunningTest, viewer: Viewer): Promise<Browser> {
  if (viewer === 'guest') return server.browser()
  const email = `${viewer}@example.com`
  if ((await server.accounts.findByEmail(email)) === undefined)
    await server.person(email, { roles: [viewer] })
  return server.signedIn(email)
}

function ask(browser: Browser, { method, path, body }: Route): Promise<Answer> {
  const address = path.replace(':id', 'AAAAAAAAAAAAAAAAAAAAAA')
  if (path.startsWith('/api/'))
    return browser.call(method, address, body === 'json' ? { id: 'unknown' } : undefined)
  return method === 'GET' ? browser.go(address) : browser.submit(address)
}

function verdict({ status, location, headers, text }: Answer): 'in' | 'login' | 'forbidden' {
  const isLogin = status === 303 && location?.startsWith('/login?reason=login_required') === true
  const isRefusal = status === 401 && headers['content-type'] === 'application/problem+json'
  if (isLogin || isRefusal) return 'login'
  return status === 403 && text.includes('Super Admins') ? 'forbidden' : 'in'
}

test('P-11 whoever opens the server after an end is told why on the way to the sign-in page', async (t) => {
  const server = await aServer(t)
  const { id: subject } = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  await server.sessions.end({ subject }, 'admin_revoked')
  assert.equal((await browser.go('/')).location, '/login?reason=admin_revoked')
  assert.equal((await server.browser().go('/')).location, '/login')
  const planted = server.browser()
  const cookie = browser.cookie.replace(/=.*/, '=nobody-knows.this-token')
  assert.equal((await planted.go('/', { cookie })).location, '/login?reason=inactive_session')
  assert.equal((await planted.go('/?reason=user_logout', { cookie })).location, '/login?reason=user_logout')
})
