import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { aServer, secret } from './a-server.ts'
import { aCommandLine } from './command-line.ts'

test('serve refuses to start without a secret and says how to make one', async (t) => {
  const { run } = await aCommandLine(t)
  const { code, out, err } = await run(['serve'])
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(err, /SOJOURN_SECRET: expected 32 or more random characters.*openssl rand -base64 32/)
})

test('serve refuses an http origin that is not of this machine and says what to do', async (t) => {
  const { run } = await aCommandLine(t)
  const { code, err } = await run(['serve'], '', {
    SOJOURN_SECRET: secret,
    SOJOURN_URL: 'http://login.example.com',
  })
  assert.equal(code, 1)
  assert.match(err, /SOJOURN_URL: expected an https origin.*SOJOURN_TRUST_PROXY=1/)
  assert.ok(!err.includes(secret))
})

test('serve names the port that is taken', async (t) => {
  const { run } = await aCommandLine(t)
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const env = { SOJOURN_SECRET: secret, SOJOURN_HOST: '127.0.0.1' }
  const { code, err } = await run(['serve', '--port', String(port)], '', env)
  assert.equal(code, 1)
  assert.match(err, new RegExp(`port ${port} is taken`))
})

test('serve stops in good order at SIGTERM', async (t) => {
  const server = await aServer(await aCommandLine(t))
  assert.equal(await server.stop(), 0)
})

test('demo prints where it answers and whom to sign in as', async (t) => {
  const child = (await aCommandLine(t)).start(['demo', '--port', '0'], { SOJOURN_HOST: '127.0.0.1' })
  assert.ok(child.stdout)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.includes('Ctrl+C')) break
  }
  assert.match(lines.join('\n'), /http:\/\/localhost:[1-9]\d*[^]*ada@example\.com {2}\S+ {2}super-admin/)
})
