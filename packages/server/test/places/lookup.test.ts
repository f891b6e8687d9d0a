import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { readConfig } from '../../src/config.ts'
import type { FindPlace } from '../../src/places/geo.ts'
import type { SessionView } from '../../src/routes/session-view.ts'
import { createServer } from '../../src/server.ts'
import { jsonLines } from '../../src/logger.ts'
import { aFolder, aServer, secret } from '../a-server.ts'
import type { Browser } from '../browser.ts'
import { until } from '../until.ts'
import { from } from './places-on.ts'
import { here, inBerlin, inGermany, somePlaces } from './some-places.ts'

async function asking(t: TestContext, find: FindPlace, timeout = 1_000) {
  const geo = { kind: 'lookup', find, timeout, source: 'Example' } as const
  const server = await aServer(t, { config: { geo, trustProxy: 1 } })
  await server.person('uma@example.com')
  return server
}

async function places(browser: Browser) {
  const { sessions } = (await browser.call('GET', '/api/v1/sessions')).json() as { sessions: SessionView[] }
  return sessions.map(({ place }) => place)
}

test('SLI-21 a look-up of the operator’s own is asked when places are read, once an address and hour', async (t) => {
  const asked: string[] = []
  const server = await asking(t, (address) => {
    asked.push(address)
    return Promise.resolve({ country: 'de', city: ' Berlin ' })
  })
  await from(server, '::ffff:203.0.113.64')
  await from(server, '10.0.0.1')
  const uma = await from(server, '203.0.113.64')
  assert.deepEqual(asked, [], 'a sign-in waits for nobody')
  assert.deepEqual(await places(uma), [inBerlin, here, inBerlin])
  assert.deepEqual(await places(uma), [inBerlin, here, inBerlin])
  assert.deepEqual(asked, ['203.0.113.64'], 'never for a local one')
  server.clock.advance(3_600_000 - 1)
  await places(uma)
  assert.equal(asked.length, 1)
  server.clock.advance(1)
  await places(uma)
  assert.equal(asked.length, 2)
  assert.match((await uma.go('/account/sessions')).text, /by\s+Example/)
})

test('SLI-21 a look-up that fails makes places unknown, signs nobody out, and is logged once', async (t) => {
  const server = await asking(t, () => Promise.reject(new Error('it is down')))
  await from(server, '203.0.113.1')
  const uma = await from(server, '203.0.113.2')
  assert.deepEqual(await places(uma), [null, null])
  assert.equal((await uma.go('/account/sessions')).status, 200)
  assert.equal(server.lines.filter((line) => line.includes('places.failed')).length, 1)
})

test(
  'SLI-21 a page waits for a look-up as long as its timeout says, and no longer',
  { timeout: 15_000 },
  async (t) => {
    let aborted = 0
    let asked = 0
    const server = await asking(t, (address, signal) => {
      asked++
      if (address === '203.0.113.1') return { country: 'DE' }
      signal.addEventListener('abort', () => aborted++)
      return new Promise(() => {})
    })
    await from(server, '203.0.113.1')
    const uma = await from(server, '203.0.113.2')
    const waiting = { isDone: false }
    const page = places(uma).finally(() => (waiting.isDone = true))
    await until(() => asked === 2)
    server.clock.advance(999)
    await uma.go('/account')
    assert.equal(waiting.isDone, false)
    server.clock.advance(1)
    assert.deepEqual(await page, [null, inGermany], 'what was told in time is shown')
    assert.equal(aborted, 1)
  },
)

test('SLI-21 what a look-up says is looked at like anything from outside', async (t) => {
  const says: unknown[] = [
    { country: 'Germany' },
    { city: 7 },
    'DE',
    { country: 'DE', city: '<b>x</b>' },
    undefined,
  ]
  const server = await asking(t, () => says.shift() as null)
  for (let n = 1; n <= 5; n++) await from(server, `203.0.113.${n}`)
  const uma = await from(server, '10.0.0.1')
  const told = (await places(uma)).filter((place) => place?.local !== true)
  assert.deepEqual(
    told.filter((place) => place !== null),
    [{ country: 'DE', city: '<b>x</b>', local: false }],
  )
  const page = (await uma.go('/account/sessions')).text
  assert.match(page, /&lt;b&gt;x&lt;\/b&gt;, Germany/)
  assert.doesNotMatch(page, /<b>x/)
})

test('SLI-21 no place is written anywhere: a session keeps its address alone', async (t) => {
  const folder = await aFolder(t)
  const path = join(folder, 'places.mmdb')
  await writeFile(path, somePlaces())
  const files = [join(folder, 'sessions.db'), join(folder, 'server.db')] as const
  const env = { SOJOURN_GEO: path, SOJOURN_TRUST_PROXY: '1', SOJOURN_DATABASE: `sqlite:${files[1]}` }
  const server = await aServer(t, { env, store: sqlite(files[0]) })
  await server.person('uma@example.com')
  const uma = await from(server, '203.0.113.64')
  assert.deepEqual(await places(uma), [inBerlin])
  await server.sessions.flush()
  let all = ''
  for (const file of files) {
    const database = new DatabaseSync(file, { readOnly: true })
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
    for (const { name } of tables)
      all += JSON.stringify(database.prepare(`select * from "${String(name)}"`).all())
    database.close()
  }
  assert.match(all, /203\.0\.113\.64/)
  assert.doesNotMatch(all, /Berlin|Germany|"DE"/)
})

const bad = [
  ['header:', /^SOJOURN_GEO: expected the path of an \.mmdb file, or header:<Name>/],
  ['header:X Country', /^SOJOURN_GEO: expected/],
  [' ', /^SOJOURN_GEO: expected/],
  ['header:CF-IPCountry', /^SOJOURN_GEO: expected a header with SOJOURN_TRUST_PROXY/],
] as const
for (const [value, says] of bad)
  test(`SLI-21 SOJOURN_GEO=${value} is refused`, async (t) => {
    const env = { SOJOURN_SECRET: secret, SOJOURN_GEO: value }
    await assert.rejects(readConfig(env, await aFolder(t), 'serve'), {
      code: 'invalid_option',
      message: says,
    })
  })

for (const [text, says] of [
  [`{ geo: { find: 'x' } }`, /^sojourn\.config\.ts: geo\.find: expected a function of an address, got "x"/],
  [`{ geo: { find() {}, timeout: '11s' } }`, /geo\.timeout: expected a duration up to '10s', got "11s"/],
  [`{ geo: { find() {}, source: '' } }`, /geo\.source: expected 1 to 200 printable characters/],
  [`{ geo: { find() {}, key: 'k' } }`, /geo\.key: expected one of find, timeout, source/],
] as const)
  test(`SLI-21 the look-up ${text} is refused`, async (t) => {
    const folder = await aFolder(t)
    await writeFile(join(folder, 'sojourn.config.ts'), `export default ${text}`)
    await assert.rejects(readConfig({ SOJOURN_SECRET: secret }, folder, 'serve'), { message: says })
  })

test('SLI-21 a file that is missing, or none of places, stops the start with its name', async (t) => {
  const folder = await aFolder(t)
  const log = jsonLines({ write: () => {}, now: Date.now })
  const env = { SOJOURN_SECRET: secret, SOJOURN_GEO: 'places.mmdb', SOJOURN_DATABASE: 'sqlite::memory:' }
  const start = async () => createServer(await readConfig(env, folder, 'serve'), { log })
  await assert.rejects(start(), {
    message: /^SOJOURN_GEO: expected an \.mmdb file of countries or cities, got ENOENT/,
  })
  await writeFile(join(folder, 'places.mmdb'), 'nothing of the kind')
  await assert.rejects(start(), { message: /^SOJOURN_GEO: expected an \.mmdb file/ })
})

test('SLI-21 a look-up that was written anew holds after a reload, and keeps no other setting from it', async (t) => {
  const folder = await aFolder(t)
  const write = (country: string, signup: boolean) =>
    writeFile(
      join(folder, 'sojourn.config.ts'),
      `export default { trustProxy: 1, signup: ${signup}, geo: { find: () => ({ country: '${country}' }) } }`,
    )
  const env = {
    SOJOURN_SECRET: secret,
    SOJOURN_DATABASE: 'sqlite::memory:',
    SOJOURN_STORE: 'memory:',
    PORT: '0',
  }
  await write('DE', true)
  const reread = () => readConfig(env, folder, 'serve')
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), now: Date.now })
  const server = await createServer(await reread(), { log, reread })
  t.after(() => server.close(0))
  await write('FR', false)
  await server.reload()
  assert.match(
    lines.join(''),
    /"settings\.changed","changed":\["geo","signup"\]|"changed":\["signup","geo"\]/,
  )
  assert.doesNotMatch(lines.join(''), /settings\.refused/)
})
