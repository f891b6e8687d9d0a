import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMetricsPlace } from '../../src/metrics/metrics-place.ts'
import { aServer } from '../a-server.ts'
import { aKey } from '../keys/a-key.ts'
import { ask, readSamples } from './scrape.ts'

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('metrics are off unless somebody says where: nothing is measured, and no key reads anything', async (t) => {
  const server = await aServer(t)
  assert.equal(server.metrics, undefined)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const { secret } = await aKey(await server.signedIn('ada@example.com'), ['metrics'])
  const answer = await server.browser().ask('/metrics', { headers: { authorization: `Bearer ${secret}` } })
  assert.equal(answer.status, 404)
})

test('by key: a key of that scope reads them, another key and a Super Admin’s cookie do not', async (t) => {
  const server = await aServer(t, { env: { SOJOURN_METRICS: 'key' } })
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  const read = async (scopes: readonly string[]) => {
    const { secret } = await aKey(ada, scopes)
    return server.browser().ask('/metrics', { headers: { authorization: `Bearer ${secret}` } })
  }
  const good = await read(['metrics'])
  assert.equal(good.status, 200)
  assert.match(good.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/)
  assert.equal(good.headers['cache-control'], 'no-store')
  assert.ok(readSamples(good.text).length > 50)
  assert.equal((await read(['introspect'])).status, 403)
  assert.equal((await ada.go('/metrics')).status, 401)
  assert.equal((await server.browser().ask('/metrics')).status, 401)
})

test('at a port of this machine: whoever is on it reads them, nothing else is there, and a name that was made to point here is refused', async (t) => {
  const port = await freePort()
  const server = await aServer(t, { env: { SOJOURN_METRICS: String(port) } })
  const good = await ask(port, '/metrics')
  assert.deepEqual([good.status, good.type.startsWith('text/plain; version=0.0.4')], [200, true])
  assert.ok(readSamples(good.text).length > 50)
  for (const host of [`127.0.0.1:${port}`, '[::1]', 'localhost'])
    assert.equal((await ask(port, '/metrics', { host })).status, 200, host)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '10.0.0.1',
    '127.0.0.1.evil.example',
  ])
    assert.equal((await ask(port, '/metrics', { host })).status, 421, host)
  assert.equal((await ask(port, '/')).status, 404)
  assert.equal((await ask(port, '/login')).status, 404)
  assert.equal((await ask(port, '/metrics', { method: 'POST' })).status, 405)
  assert.equal((await server.browser().go('/metrics')).status, 401)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const { secret } = await aKey(await server.signedIn('ada@example.com'), ['metrics'])
  const beside = await server.browser().ask('/metrics', { headers: { authorization: `Bearer ${secret}` } })
  assert.equal(beside.status, 404)
  await server.close()
  await assert.rejects(ask(port, '/metrics'))
})

test('a port that is taken is told at the start', async (t) => {
  const port = await freePort()
  await aServer(t, { env: { SOJOURN_METRICS: String(port) } })
  await assert.rejects(
    aServer(t, { env: { SOJOURN_METRICS: String(port) } }),
    /SOJOURN_METRICS: expected a port/,
  )
})

test('an address that others reach is refused, with what to do', () => {
  const read = (written: unknown) => readMetricsPlace(written, 'SOJOURN_METRICS')
  assert.equal(read('off'), 'off')
  assert.equal(read('key'), 'key')
  for (const written of [9464, '9464', '127.0.0.1:9464'])
    assert.deepEqual(read(written), { host: '127.0.0.1', port: 9464 })
  assert.deepEqual(read('[::1]:9464'), { host: '::1', port: 9464 })
  assert.deepEqual(read('localhost:9464'), { host: 'localhost', port: 9464 })
  for (const written of [
    '0.0.0.0:9464',
    '10.0.0.1:9464',
    '[::]:9464',
    'metrics.example:9464',
    '127.0.0.1.nip.io:9464',
  ])
    assert.throws(() => read(written), /without a key/, written)
  for (const written of ['on', '', 'yes', '99999', '-1', '1.5', 70_000, null, true, {}, '127.0.0.1:'])
    assert.throws(() => read(written), /SOJOURN_METRICS: expected off, key/, JSON.stringify(written))
})
