import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { readConfig } from '../src/config.ts'
import { type Io, startServer } from '../src/start-server.ts'
import { aFolder } from './a-server.ts'
import { Browser } from './browser.ts'

const people = ['ada@example.com super-admin', 'sam@example.com store-admin', 'uma@example.com user']

test('a demo prints three people with passwords that open their accounts until the next start', async (t) => {
  const folder = await aFolder(t)
  const first = await demo(t, folder)
  assert.deepEqual(
    first.people.map(({ email, role }) => `${email} ${role}`),
    people,
  )
  const statuses = { 'super-admin': 200, 'store-admin': 403, user: 403 }
  for (const { email, password, role } of first.people) {
    const browser = new Browser(first.origin)
    assert.equal((await browser.submit('/login', { email, password })).status, 303)
    const { status } = await browser.go('/nova/resources/auth-sessions')
    assert.equal(status, statuses[role as keyof typeof statuses])
  }
  await first.stop()

  const second = await demo(t, folder)
  const [before, now] = [first.people[0], second.people[0]]
  assert.ok(before && now)
  assert.notEqual(now.password, before.password)
  const browser = new Browser(second.origin)
  assert.equal(
    (await browser.submit('/login', { email: before.email, password: before.password })).status,
    401,
  )
  assert.equal((await browser.submit('/login', { email: now.email, password: now.password })).status, 303)
  assert.match(second.printed(), /remove that folder to begin anew/)
})

test('a session outlives the restart of a demo', async (t) => {
  const folder = await aFolder(t)
  const first = await demo(t, folder)
  const browser = new Browser(first.origin)
  const { email = '', password = '' } = first.people[2] ?? {}
  await browser.submit('/login', { email, password })
  const { cookie } = browser
  await first.stop()
  const second = await demo(t, folder)
  assert.equal((await new Browser(second.origin).go('/account/sessions', { cookie })).status, 200)
})

test('the first signal stops in good order, the second at once', async (t) => {
  const codes: number[] = []
  const running = await demo(t, await aFolder(t), (code) => codes.push(code))
  running.signal()
  running.signal()
  assert.deepEqual(codes, [1])
  await running.exited
  assert.deepEqual(codes, [1, 0])
})

test('a second demo in the same folder whose port is taken leaves the passwords of the first as they are', async (t) => {
  const folder = await aFolder(t)
  const first = await demo(t, folder)
  const { port } = new URL(first.origin)
  await assert.rejects(
    demo(t, folder, () => {}, { PORT: port }),
    { code: 'EADDRINUSE' },
  )
  const { email = '', password = '' } = first.people[0] ?? {}
  assert.equal((await new Browser(first.origin).submit('/login', { email, password })).status, 303)
})

test('a demo whose sessions are in memory says that they end with it', async (t) => {
  const { printed } = await demo(t, await aFolder(t), () => {}, { SOJOURN_STORE: 'memory:' })
  assert.match(printed(), /Sessions are kept in memory alone/)
})

async function demo(
  t: TestContext,
  folder: string,
  onExit: (code: number) => void = () => {},
  more: { readonly [name: string]: string } = {},
) {
  const env = { PORT: '0', SOJOURN_HOST: '127.0.0.1', ...more }
  let printed = ''
  let signal = (): void => {}
  const exited = Promise.withResolvers<void>()
  const io: Io = {
    print: (text) => void (printed += text),
    onSignal: (stop) => void (signal = stop),
    exit(code) {
      onExit(code)
      if (code === 0) exited.resolve()
    },
  }
  const server = await startServer(await readConfig(env, folder, 'demo'), io)
  t.after(() => server.close(0))
  const found = [...printed.matchAll(/(\S+@example\.com)\s+((?:[a-z2-9]{4}-){3}[a-z2-9]{4})\s+(\S+)/g)]
  return {
    origin: server.address,
    people: found.map(([, email = '', password = '', role = '']) => ({ email, password, role })),
    printed: () => printed,
    signal: () => signal(),
    exited: exited.promise,
    async stop() {
      signal()
      await exited.promise
    },
  }
}
