import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionRoutes } from '../src/routes/index.ts'
import { aServer, idOf } from './a-server.ts'

const zero = String.fromCharCode(0)
const refusal = /zero byte/

test('A-09 no address with a zero byte reaches a route: PostgreSQL would fail on it, where SQLite goes on', async (t) => {
  const { server, root } = await running(t)
  const named = sessionRoutes.filter(({ method, path }) => method === 'GET' && path.includes(':'))
  assert.ok(named.length > 5)
  for (const { path } of named) {
    const answer = await root.call('GET', path.replace(/:\w+/g, 'a%00b'))
    assert.equal(answer.status, 400, path)
    assert.match(answer.text, refusal)
  }
  for (const query of [
    '/api/v1/admin/users?search=a%00b',
    '/login?return_to=%2F%00',
    '/nova/resources/users?email=%00',
  ]) {
    const answer = await root.go(query)
    assert.equal(answer.status, 400, query)
  }
  assert.equal(
    server.lines.some((line) => line.includes('a request failed')),
    false,
  )
})

test('A-09 no form and no JSON with a zero byte reaches a route', async (t) => {
  const { server, root } = await running(t)
  const guest = server.browser()
  for (const path of ['/login', '/login/link', '/login/reset', '/signup']) {
    const answer = await guest.submit(path, { email: `root${zero}@example.com`, password: 'x' })
    assert.equal(answer.status, 400, path)
    assert.match(answer.text, refusal)
  }
  const { id } = await server.person('uma@example.com')
  const path = `/api/v1/admin/users/${id}/disable`
  for (const note of [zero, `a${zero}b`, `\\${zero}`])
    assert.match((await root.call('POST', path, { note })).text, refusal)
  assert.equal((await server.accounts.find(id))?.disabledAt, null)
  assert.equal((await root.call('POST', path, { note: String.raw`the five letters \u0000` })).status, 200)
})

test('A-09 no program with a key brings a zero byte', async (t) => {
  const { server, root } = await running(t)
  const made = await root.call('POST', '/api/v1/admin/api-keys', { name: 'shop', scopes: ['introspect'] })
  const { secret } = made.json() as { readonly secret: string }
  const headers = { authorization: `Bearer ${secret}` }
  const token = `${await idOf(root)}.x`
  const ask = (more: object) =>
    server.browser().call('POST', '/api/v1/introspect', { token, ...more }, headers)
  for (const more of [{ user_agent: zero }, { ip: zero }, { token: zero }]) {
    const answer = await ask(more)
    assert.equal(answer.status, 400)
    assert.match(answer.text, refusal)
  }
  assert.deepEqual((await ask({})).json(), { active: false })
})

async function running(t: Parameters<typeof aServer>[0]) {
  const server = await aServer(t)
  await server.person('root@example.com', { roles: ['super-admin'] })
  return { server, root: await server.signedIn('root@example.com') }
}
