import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../a-server.ts'

const given = '7f3c0b1a9d2e4f60'

test('each request has an id of its own, which a trusted proxy may give, and nobody else', async (t) => {
  const direct = await aServer(t)
  const behind = await aServer(t, { config: { trustProxy: 1 } })
  const idAt = async (server: typeof direct, id: string) =>
    (await server.browser().go('/login', { 'x-request-id': id })).headers['x-request-id']
  const own = await Promise.all([idAt(direct, given), idAt(direct, given)])
  assert.equal(new Set([...own, given]).size, 3)
  assert.equal(await idAt(behind, given), given)
  for (const wrong of [
    'short',
    'with space x',
    'a'.repeat(65),
    '<script>alert',
    `${'A'.repeat(22)}.${'b'.repeat(43)}`,
  ])
    assert.match(String(await idAt(behind, wrong)), /^[0-9a-f]{8}-[0-9a-z]+$/, wrong)
})

test('what proxies and probes ask again and again is logged at debug where it is well, and else as everything', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  await uma.go('/healthz')
  await uma.go('/readyz')
  await uma.go('/api/v1/verify')
  await server.browser().call('GET', '/api/v1/verify')
  await server.browser().call('GET', '/metrics')
  await uma.go('/account')
  const lines = server.lines
    .map((line) => JSON.parse(line) as { msg: string; path: string; status: number; level: number })
    .filter(({ msg, path }) => msg === 'request' && path !== '/login')
    .map(({ path, status, level }) => `${path} ${status} ${level}`)
  assert.deepEqual(lines, [
    '/healthz 200 20',
    '/readyz 200 20',
    '/api/v1/verify 200 20',
    '/api/v1/verify 401 30',
    '/metrics 401 30',
    '/account 200 30',
  ])
})
