import assert from 'node:assert/strict'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createSojournClient } from 'sojourn/remote'
import { idOf } from '../a-server.ts'
import { aKey, tokenOf } from '../keys/a-key.ts'
import { aSuperAdmin } from '../settings/a-settings-page.ts'
import { aGuard, navigation, site } from './forward-auth.ts'

const minute = 60_000

test('the client of Node introspects: who it is, how it ended, and activity where it says so', async (t) => {
  const server = await aGuard(t)
  const ada = await aSuperAdmin(server)
  const { secret } = await aKey(ada, ['introspect', 'introspect:reason'])
  const client = createSojournClient({ url: server.origin, key: secret })
  const uma = await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const token = tokenOf(browser)
  const found = await client.introspect(token, { userAgent: browser.userAgent, ip: '192.0.2.7' })
  assert.partialDeepStrictEqual(found, { active: true, sub: uma.id, sid: await idOf(browser), assurance: 1 })
  for (let i = 0; i < 3; i++) {
    server.clock.advance(100 * minute)
    assert.equal((await client.introspect(token, { touch: true })).active, true)
  }
  server.clock.advance(130 * minute)
  const over = await client.introspect(token)
  assert.partialDeepStrictEqual(over, { active: false, reason: 'idle_timeout' })
  assert.deepEqual(await client.introspect('nonsense'), { active: false })
})

test('the client of Node verifies the requests of a back end: by their headers, and hands on a token that was replaced', async (t) => {
  const server = await aGuard(t)
  const client = createSojournClient({ url: server.origin })
  const uma = await server.person('uma@example.com', { roles: ['store-admin'] })
  const browser = await server.signedIn('uma@example.com')
  const application = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const input = { method, url, scheme: 'http', host: new URL(site).host, ip: '192.0.2.7' } as const
    client.verify(headers, url === '/admin' ? { ...input, roles: ['super-admin'] } : input).then(
      (verified) => {
        if (verified.allowed) response.setHeader('Set-Cookie', [...verified.setCookie])
        response.end(JSON.stringify(verified))
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  t.after(() => application.close())
  await new Promise((resolve) => application.once('listening', resolve))
  const { port } = application.address() as AddressInfo
  const ask = (path: string, more: { readonly [name: string]: string } = {}, method = 'GET') =>
    new Promise<unknown>((resolve, reject) => {
      const { cookie, userAgent } = browser
      const headers = { cookie, 'user-agent': userAgent, ...navigation, ...more }
      const asked = get({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(JSON.parse(text)))
      })
      asked.on('error', reject)
    })
  assert.deepEqual(await ask('/orders'), {
    allowed: true,
    subject: uma.id,
    session: await idOf(browser),
    assurance: 1,
    method: 'password',
    roles: ['store-admin', 'administrator'],
    actor: null,
    setCookie: [],
  })
  assert.partialDeepStrictEqual(await ask('/admin'), { allowed: false, status: 403, reason: 'role_required' })
  assert.partialDeepStrictEqual(await ask('/orders', { 'sec-fetch-site': 'cross-site' }, 'POST'), {
    allowed: false,
    status: 403,
    login: null,
  })
  server.clock.advance(61 * minute)
  const renewed = (await ask('/orders')) as { readonly setCookie: readonly string[] }
  assert.equal(renewed.setCookie.length, 1)
  await server.sessions.end({ subject: uma.id }, 'admin_revoked')
  assert.deepEqual(await ask('/orders?page=2'), {
    allowed: false,
    status: 401,
    reason: 'admin_revoked',
    login: `${site}/login?reason=admin_revoked&return_to=%2Forders%3Fpage%3D2`,
  })
  assert.partialDeepStrictEqual(
    await ask('/orders', { accept: 'application/json', 'sec-fetch-mode': 'cors' }),
    {
      status: 401,
      login: null,
    },
  )
})
