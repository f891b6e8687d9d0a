import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { portForNginx, startNginx } from '../../../../test/services/nginx.ts'
import { missing } from '../../../../test/services/programs.ts'
import { idOf, password, type RunningTest } from '../a-server.ts'
import { Browser } from '../browser.ts'
import { aGuard } from './forward-auth.ts'

const skip = missing('nginx')
const minute = 60_000
const recipe = join(import.meta.dirname, '../../../../docs/forward-auth/nginx.md')

interface Place {
  readonly server: RunningTest
  /** A browser in front of nginx. */
  readonly browser: () => Browser
  /** What reached the application, the last last. */
  readonly reached: { readonly url: string; readonly headers: IncomingHttpHeaders }[]
}

/** The recipe as it stands in the documentation, in front of a server and an application that tells what it gets. */
async function aPlace(t: TestContext, query = ''): Promise<Place> {
  const port = await portForNginx()
  const origin = `http://localhost:${port}`
  const server = await aGuard(t, { config: { url: origin } })
  const reached: Place['reached'] = []
  const application = createServer((request, response) => {
    reached.push({ url: request.url ?? '', headers: request.headers })
    response.setHeader('Content-Type', 'text/plain')
    response.setHeader('Set-Cookie', 'cart=7')
    response.end(`hello ${String(request.headers['x-sojourn-subject'] ?? 'nobody')}`)
  }).listen(0, '127.0.0.1')
  t.after(() => application.close())
  await new Promise((resolve) => application.once('listening', resolve))
  const written =
    /```nginx\n([\s\S]*?)```/.exec(readFileSync(recipe, 'utf8'))?.[1] ?? assert.fail('no recipe')
  const servers = written
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_certificate.*\n/gm, '')
    .replace('app.example.com', 'localhost')
    .replace('127.0.0.1:4000', `127.0.0.1:${new URL(server.origin).port}`)
    .replace('127.0.0.1:3000', `127.0.0.1:${(application.address() as AddressInfo).port}`)
    .replace('http://sojourn/api/v1/verify;', `http://sojourn/api/v1/verify${query};`)
  const nginx = await startNginx(servers, port)
  t.after(() => nginx.stop())
  return { server, reached, browser: () => new Browser(origin) }
}

const forged = {
  'x-sojourn-subject': 'root',
  'x-sojourn-roles': 'super-admin',
  'x-sojourn-actor': 'root',
  'x-sojourn-session': 'x',
}

test(
  'nginx: signed out one is sent to sign in, and comes back to the page, whose application is told who it is',
  { skip },
  async (t) => {
    const { server, reached, browser } = await aPlace(t)
    const uma = await server.person('uma@example.com', { roles: ['store-admin'] })
    const one = browser()
    const sent = await one.go('/orders?page=2', { 'sec-fetch-site': 'none' })
    assert.deepEqual(
      [sent.status, sent.location, sent.headers['cache-control']],
      [302, '/login?reason=login_required&return_to=%2Forders%3Fpage%3D2', 'no-store'],
    )
    assert.equal(reached.length, 0)
    assert.equal((await one.go(sent.location ?? '')).status, 200)
    const back = new URL(sent.location ?? '', one.origin).searchParams.get('return_to') ?? ''
    const signed = await one.submit('/login', { email: 'uma@example.com', password, return_to: back })
    assert.deepEqual([signed.status, signed.location], [303, '/orders?page=2'])
    const page = await one.go(signed.location ?? '', forged)
    assert.deepEqual([page.status, page.text], [200, `hello ${uma.id}`])
    const { url, headers } = reached.at(-1) ?? assert.fail()
    assert.equal(url, '/orders?page=2')
    assert.equal(headers['x-sojourn-session'], await idOf(one))
    assert.equal(headers['x-sojourn-roles'], 'store-admin,administrator')
    assert.equal(headers['x-sojourn-assurance'], '1')
    assert.equal(headers['x-sojourn-method'], 'password')
    assert.equal(
      headers['x-sojourn-actor'],
      undefined,
      'what a client made up is gone, though there is nothing in its place',
    )
  },
)

test(
  'nginx: what a client says of who is signed in reaches no application, asked about or not',
  { skip },
  async (t) => {
    const { reached, browser } = await aPlace(t)
    const one = browser()
    assert.equal((await one.go('/orders', forged)).status, 302)
    assert.equal((await one.go('/public/a', forged)).text, 'hello nobody')
    const odd = { X_Sojourn_Subject: 'root', 'X-SOJOURN-ROLES': 'root', 'x.sojourn.actor': 'root' }
    assert.equal((await one.go('/public/b', odd)).text, 'hello nobody')
    for (const { headers } of reached)
      assert.deepEqual(
        Object.keys(headers).filter((name) => /sojourn/i.test(name)),
        [],
      )
    // Nobody reaches the location that asks.
    assert.equal((await one.go('/_sojourn/verify')).status, 404)
  },
)

test(
  'nginx: R-19 an ended session is out at the very next request; a script hears 401',
  { skip },
  async (t) => {
    const { server, reached, browser } = await aPlace(t)
    await server.person('uma@example.com')
    const one = browser()
    await one.submit('/login', { email: 'uma@example.com', password })
    assert.equal((await one.go('/orders')).status, 200)
    await server.sessions.end({ id: await idOf(one) }, 'admin_revoked')
    const out = await one.go('/orders')
    assert.deepEqual([out.status, out.location], [302, '/login?reason=admin_revoked&return_to=%2Forders'])
    assert.equal((await one.call('GET', '/orders.json')).status, 401)
    assert.equal(reached.length, 1)
  },
)

test(
  'nginx: A-04 a token that was replaced reaches the browser beside the application’s own cookie',
  { skip },
  async (t) => {
    const { server, browser } = await aPlace(t)
    await server.person('uma@example.com')
    const one = browser()
    await one.submit('/login', { email: 'uma@example.com', password })
    const before = one.cookie
    const plain = await one.go('/orders')
    assert.deepEqual(plain.headers['set-cookie'], ['cart=7'])
    server.clock.advance(61 * minute)
    const renewed = await one.go('/orders')
    assert.equal(renewed.status, 200)
    assert.equal(renewed.headers['set-cookie']?.length, 2)
    assert.ok(!one.cookie.includes(before))
    assert.equal((await one.go('/orders')).headers['set-cookie']?.length, 1)
    // What was replaced and is no longer under way is a copy.
    server.clock.advance(21_000)
    const copy = await browser().go('/orders', { cookie: before })
    assert.match(copy.location ?? '', /reason=token_reuse/)
  },
)

test(
  'nginx: A-13 the original method and origin are asked about: what another site sends does not pass',
  { skip },
  async (t) => {
    const { server, reached, browser } = await aPlace(t)
    await server.person('uma@example.com')
    const one = browser()
    await one.submit('/login', { email: 'uma@example.com', password })
    assert.equal((await one.submit('/orders', { a: '1' }, { 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal(
      (await one.submit('/orders', { a: '1' }, { 'sec-fetch-site': '', origin: 'https://evil.example' }))
        .status,
      403,
    )
    assert.equal(reached.length, 0)
    assert.equal((await one.submit('/orders', { a: '1' })).status, 200)
  },
)

test('nginx: a remembered device is restored by the sign-in, without a form', { skip }, async (t) => {
  const { server, browser } = await aPlace(t)
  await server.person('uma@example.com')
  const one = browser()
  await one.submit('/login', { email: 'uma@example.com', password, remember: 't' })
  server.clock.advance(3 * 60 * minute)
  assert.equal((await one.open('/orders')).status, 200)
})

test(
  'nginx: the query of the recipe is the proxy’s own: a role that is missing is 403',
  { skip },
  async (t) => {
    const { server, browser } = await aPlace(t, '?role=store-admin')
    await server.person('uma@example.com')
    await server.person('sam@example.com', { roles: ['store-admin'] })
    for (const [email, status] of [
      ['uma@example.com', 403],
      ['sam@example.com', 200],
    ] as const) {
      const one = browser()
      await one.submit('/login', { email, password })
      assert.equal((await one.go('/orders?role=user')).status, status)
    }
  },
)

test('nginx: R-73 while the server does not answer nobody passes', { skip }, async (t) => {
  const { server, reached, browser } = await aPlace(t)
  await server.person('uma@example.com')
  const one = browser()
  await one.submit('/login', { email: 'uma@example.com', password })
  await server.close(0)
  assert.ok((await one.go('/orders')).status >= 500)
  assert.equal(reached.length, 0)
})
