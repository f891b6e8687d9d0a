import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { memory } from 'sojourn/stores/memory'
import { FakeClock } from 'sojourn/testing/clock'
import { Passwords } from '../src/accounts/passwords.ts'
import { readConfig } from '../src/config.ts'
import { raiseRevision, readRevision } from '../src/config/revision.ts'
import { jsonLines } from '../src/logger.ts'
import { openDatabase } from '../src/database/open-database.ts'
import { createServer } from '../src/server.ts'
import { aFolder, cheap, password, secret } from './a-server.ts'
import { Browser } from './browser.ts'
import { newPostgres } from './databases.ts'
import { postgresIsMissing } from './postgres-cluster.ts'

const within = 5_000
const minute = 60_000

/** A node with a folder and a configuration of its own, over HTTP. */
async function aNode(t: TestContext, database: string, clock: FakeClock) {
  const folder = await aFolder(t)
  const lines: string[] = []
  const write = (written: string): Promise<void> =>
    writeFile(join(folder, 'sojourn.config.ts'), `export default ${written}`)
  let reads = 0
  const read = () => {
    reads++
    return readConfig(
      { PORT: '0', SOJOURN_HOST: '127.0.0.1', SOJOURN_SECRET: secret, SOJOURN_DATABASE: database },
      folder,
      'serve',
    )
  }
  await write(settings('10m'))
  const log = jsonLines({ write: (line) => void lines.push(line), level: 'info', now: () => clock.now() })
  const passwords = new Passwords({ cost: cheap })
  const server = await createServer(await read(), { log, clock, passwords, store: memory(), reread: read })
  const { port } = await server.listen()
  t.after(() => server.close(0))
  // The first look at the revision counts as a change: what is written later is not read by it.
  await until(() => reads === 2)
  await server.reload()
  return { server, lines, write, browser: () => new Browser(`http://localhost:${port}`) }
}

const settings = (formTimeout: string, more = ''): string =>
  `{ policy: { extends: 'jadu', formTimeout: '${formTimeout}' }, ${more} }`

type Node = Awaited<ReturnType<typeof aNode>>

const formTimeout = ({ server }: Node): number | null => server.sessions.policy.formTimeout

/** Waits for what no fake clock moves: files and databases. The test's own timeout is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const databases = [
  {
    name: 'sqlite',
    skip: false,
    place: async (t: TestContext) => `sqlite:${join(await aFolder(t), 'server.db')}`,
  },
  { name: 'postgres', skip: postgresIsMissing, place: () => newPostgres() },
] as const

for (const { name, skip, place } of databases)
  test(
    `${name}: JAD-15 a changed timeout holds once the settings are reloaded, on all nodes, within the bound`,
    { skip },
    async (t) => {
      const database = await place(t)
      const clock = new FakeClock()
      const nodes = [await aNode(t, database, clock), await aNode(t, database, clock)]
      const asks = await openDatabase(database)
      t.after(() => asks.destroy())
      for (const node of nodes) await node.write(settings('3m'))
      assert.deepEqual(nodes.map(formTimeout), [10 * minute, 10 * minute], 'written, and not reloaded')
      await raiseRevision(asks)
      clock.advance(within - 1)
      // A look that had begun would be over.
      for (let i = 0; i < 3; i++) await readRevision(asks)
      assert.deepEqual(nodes.map(formTimeout), [10 * minute, 10 * minute])
      clock.advance(1)
      await until(() => nodes.every((node) => formTimeout(node) === 3 * minute))
      for (const { lines } of nodes)
        assert.ok(lines.some((line) => line.includes('settings.changed') && line.includes('"policy"')))
    },
  )

test('JAD-15 one node reloads at once when it is asked to, and the others stay as they are', async (t) => {
  const database = `sqlite:${join(await aFolder(t), 'server.db')}`
  const clock = new FakeClock()
  const [one, other] = [await aNode(t, database, clock), await aNode(t, database, clock)]
  for (const node of [one, other]) await node.write(settings('3m', 'signup: false'))
  assert.equal((await one.browser().go('/signup')).status, 200)
  await one.server.reload()
  assert.deepEqual([one, other].map(formTimeout), [3 * minute, 10 * minute])
  assert.equal((await one.browser().go('/signup')).status, 404)
  assert.equal((await other.browser().go('/signup')).status, 200)
})

test('who is signed in stays so over a reload, and a tighter policy holds at their next request', async (t) => {
  const clock = new FakeClock()
  const node = await aNode(t, 'sqlite::memory:', clock)
  await node.server.accounts.create({ email: 'uma@example.com', name: 'Uma', password, roles: ['user'] })
  const browser = node.browser()
  assert.equal((await browser.submit('/login', { email: 'uma@example.com', password })).status, 303)
  await node.write(`{ policy: { extends: 'jadu', formTimeout: '1m', idleTimeout: '4m' } }`)
  await node.server.reload()
  assert.equal((await browser.go('/account/sessions')).status, 200)
  clock.advance(20 * minute)
  assert.match((await browser.go('/account/sessions')).location ?? '', /reason=idle_timeout/)
})

test('settings that do not read, or that need a restart, change nothing and are told in the log without their value', async (t) => {
  const node = await aNode(t, 'sqlite::memory:', new FakeClock())
  const browser = node.browser()
  for (const [written, says] of [
    [settings('soon', 'signup: false'), /policy\.formTimeout: expected/],
    [settings('2h', 'signup: false'), /formTimeout: expected less than/],
    [`{ signup: false, sgnup: true }`, /expected one of/],
    [
      settings('3m', 'signup: false, trustProxy: 1'),
      /trustProxy: expected what it was at the start, got another; restart/,
    ],
    [
      settings('3m', `signup: false, store: 'sqlite:/x/pass-word'`),
      /store: expected what it was at the start/,
    ],
    [`{ policy: { extends: 'jadu', cookieName: 'other' }, signup: false }`, /policy\.cookieName: expected/],
    [`{ signup: false`, /settings\.refused/],
    [`7`, /export default defineConfig/],
  ] as const) {
    const before = node.lines.length
    await node.write(written)
    await node.server.reload()
    const [line = '', ...others] = node.lines.slice(before).filter((one) => !one.includes('"request"'))
    assert.match(line, says, written)
    assert.match(line, /"level":50.*settings\.refused/)
    assert.doesNotMatch(line, /pass-word/)
    assert.deepEqual(others, [])
    assert.equal(formTimeout(node), 10 * minute, written)
    assert.equal((await browser.go('/signup')).status, 200, written)
  }
  await node.write(settings('10m'))
  await node.server.reload()
  assert.match(node.lines.at(-1) ?? '', /"request"/, 'what is as it was is no change')
})
