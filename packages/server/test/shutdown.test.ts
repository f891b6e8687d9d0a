import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createSessions } from 'sojourn'
import { sqlite } from 'sojourn/stores/sqlite'
import { patience } from '../src/listener/patience.ts'
import { aFolder, aServer, password, secret } from './a-server.ts'
import { Browser } from './browser.ts'

test('on SIGTERM what is under way is answered, what was held back is written, and the process ends with 0', async (t) => {
  const folder = await aFolder(t)
  const { child, origin } = await start(t, folder)
  const browser = new Browser(origin)
  assert.equal(
    (await browser.submit('/signup', { name: 'Uma', email: 'uma@example.com', password })).status,
    303,
  )
  const { id } = (await browser.call('GET', '/api/v1/session')).json() as { id: string }
  const before = Date.now()
  assert.equal((await browser.go('/account/sessions')).status, 200)

  // A sign-in whose body comes in two halves, with the signal between them.
  const slow = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' })
  await once(slow, 'connect')
  const body = new URLSearchParams({ email: 'uma@example.com', password }).toString()
  const head = `POST /login HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`
  let answer = ''
  slow.on('data', (chunk) => (answer += chunk.toString()))
  const sent = browser.go('/healthz')
  slow.write(head + body.slice(0, 10))
  assert.equal((await sent).status, 200)
  child.kill('SIGTERM')
  await refusesConnections(origin)
  slow.write(body.slice(10))
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 0)
  assert.match(answer, /^HTTP\/1\.1 303 /)
  assert.match(answer, /set-cookie: /i)
  assert.match(answer, /connection: close/i)

  const sessions = createSessions({ store: sqlite(join(folder, 'sessions.db')), secret, sweepEvery: null })
  t.after(() => sessions.close())
  const kept = await sessions.get(id)
  assert.ok(kept && kept.lastSeenAt >= before && kept.lag === 0, JSON.stringify(kept))
})

test('whoever keeps a connection and never finishes holds up the end only until the deadline', async (t) => {
  const server = await aServer(t)
  const socket = connect({ port: Number(new URL(server.origin).port), host: '127.0.0.1' })
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.write(
    'POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na',
  )
  assert.equal((await server.browser().go('/healthz')).status, 200)
  const begun = performance.now()
  await Promise.all([server.close(200), once(socket, 'close')])
  assert.ok(performance.now() - begun < 5_000)
})

test('A-34 a client that is slow with its headers, or with its body, is cut off', async (t) => {
  assert.deepEqual([patience.headersTimeout, patience.requestTimeout], [10_000, 30_000])
  const quick = {
    headersTimeout: 100,
    requestTimeout: 200,
    keepAliveTimeout: 100,
    connectionsCheckingInterval: 20,
  }
  const server = await aServer(t, { patience: quick })
  const head = 'POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n'
  for (const sent of [head, `${head}Content-Type: application/x-www-form-urlencoded\r\n\r\na`]) {
    const socket = connect({ port: Number(new URL(server.origin).port), host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.resume()
    socket.write(sent)
    await once(socket, 'close')
  }
})

test('a client that goes away in the midst of its request is no error of ours', async (t) => {
  const server = await aServer(t)
  const head = [
    'POST /login HTTP/1.1',
    'Host: localhost',
    'Sec-Fetch-Site: same-origin',
    'Content-Type: application/x-www-form-urlencoded',
  ].join('\r\n')
  const cut = ['Content-Length: 99\r\n\r\nemail=', 'Transfer-Encoding: chunked\r\n\r\n6\r\nemail=\r\n']
  for (const [index, sent] of cut.entries()) {
    const socket = connect({ port: Number(new URL(server.origin).port), host: '127.0.0.1' })
    await new Promise<void>((resolve) => socket.write(`${head}\r\n${sent}`, () => resolve()))
    socket.destroy()
    await until(() => server.lines.filter((line) => line.includes('broke off')).length > index)
  }
  const levels = server.lines.map((line) => (JSON.parse(line) as { readonly level: number }).level)
  assert.deepEqual(
    levels.filter((level) => level >= 40),
    [],
  )
})

test('a start that cannot be is told in one line, with exit code 1', async (t) => {
  const folder = await aFolder(t)
  const child = command(folder, { SOJOURN_SECRET: 'short' })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 1)
  assert.match(said, /^sojourn: SOJOURN_SECRET: expected 32 or more characters.*\n$/)
})

function command(folder: string, more: { readonly [name: string]: string }): ChildProcess {
  const { PATH } = process.env
  const env = { PATH, PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_DATA: folder, ...more }
  const main = join(import.meta.dirname, 'serve.ts')
  return spawn(process.execPath, [main], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function start(t: TestContext, folder: string): Promise<{ child: ChildProcess; origin: string }> {
  const child = command(folder, { SOJOURN_SECRET: secret })
  t.after(() => child.kill('SIGKILL'))
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const port = /"port":(\d+)/.exec(said)?.[1]
      if (port !== undefined) resolve(port)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`it did not start: ${said}`)))
  })
  return { child, origin: `http://localhost:${port}` }
}

/** Resolves once it is so; the test's own timeout is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves once new connections are refused. */
async function refusesConnections(origin: string): Promise<void> {
  const port = Number(new URL(origin).port)
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' })
    const [outcome] = await Promise.race([
      once(socket, 'connect').then(() => ['open']),
      new Promise<string[]>((resolve) => socket.once('error', () => resolve(['refused']))),
    ])
    socket.destroy()
    if (outcome === 'refused') return
  }
}
