import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { jsonLines } from '../src/logger.ts'
import { startServer } from '../src/start-server.ts'
import { aFolder, secret } from './a-server.ts'
import { newPostgres } from './databases.ts'
import { locked, postgresIsMissing } from './postgres-cluster.ts'

interface Environment {
  readonly [name: string]: string
}

/** Starts a server in a new folder, and what it logged. It is closed with the test. */
async function start(t: TestContext, mode: 'serve' | 'demo', env: Environment): Promise<readonly string[]> {
  const lines: string[] = []
  const log = jsonLines({ write: (line) => void lines.push(line), now: () => 0 })
  const quiet = { print() {}, onSignal() {}, exit() {}, log }
  const settings = {
    PORT: '0',
    SOJOURN_HOST: '127.0.0.1',
    ...(mode === 'serve' && { SOJOURN_SECRET: secret }),
  }
  const config = await readConfig({ ...settings, ...env }, await aFolder(t), mode)
  const server = await startServer(config, quiet)
  t.after(() => server.close(0))
  return lines
}

/** A path that cannot be made a folder, whoever asks: a file stands in its way. */
async function blocked(t: TestContext): Promise<string> {
  const file = join(await aFolder(t), 'file')
  await writeFile(file, 'this is no database, and it is longer than the head of one would be: '.repeat(4))
  return file
}

test('a folder for the data that cannot be written is named, with what to do', async (t) => {
  const data = join(await blocked(t), 'data')
  await assert.rejects(start(t, 'demo', { SOJOURN_DATA: data }), {
    code: 'invalid_option',
    message: `SOJOURN_DATA: expected a folder that can be written, got ENOTDIR: not a directory, mkdir '${data}'`,
  })
  await assert.rejects(start(t, 'serve', { SOJOURN_DATA: data }), {
    code: 'invalid_option',
    message:
      /^SOJOURN_DATABASE: expected a file that can be written \(.*SOJOURN_DATA.*\), got .*ENOTDIR|EEXIST/,
  })
})

test('a file that is no database is named by its setting', async (t) => {
  const file = await blocked(t)
  for (const name of ['SOJOURN_STORE', 'SOJOURN_DATABASE'])
    await assert.rejects(start(t, 'serve', { [name]: `sqlite:${file}` }), {
      code: 'invalid_option',
      message: new RegExp(`^${name}: expected a file that can be written .*, got .*file is not a database$`),
    })
})

test('an address that this machine does not have is refused with the settings to look at', async (t) => {
  await assert.rejects(start(t, 'serve', { SOJOURN_HOST: '203.0.113.1' }), {
    code: 'invalid_option',
    message:
      /^PORT, SOJOURN_HOST: expected a port and an address to listen on, got listen E\w+: .*203\.0\.113\.1/,
  })
})

test('a PostgreSQL that is not there is refused without its password', async (t) => {
  for (const [location, says] of [
    ['postgres://uma:hunter2@127.0.0.1:1/sojourn', /got connect ECONNREFUSED 127\.0\.0\.1:1$/],
    ['postgres://:uma:hunter2@@', /got Invalid URL$/],
  ] as const)
    await assert.rejects(start(t, 'serve', { SOJOURN_DATABASE: location }), (error: Error) => {
      assert.match(
        error.message,
        /^SOJOURN_DATABASE: expected a PostgreSQL database that answers and lets us in, /,
      )
      assert.match(error.message, says)
      assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('hunter2'))
      assert.equal(error.cause, undefined)
      return true
    })
})

test(
  'a PostgreSQL that knows another password, or no such database, says so, and no password is shown',
  { skip: postgresIsMissing },
  async (t) => {
    const location = await newPostgres()
    const client = new pg.Client(location)
    await client.connect()
    await client.query(`create role ${locked} login password 'right'`)
    await client.end()
    const wrong = location.replace('postgres@', `${locked}:hunter2@`)
    await assert.rejects(start(t, 'serve', { SOJOURN_DATABASE: wrong }), (error: Error) => {
      assert.match(
        error.message,
        /^SOJOURN_DATABASE: .*, got password authentication failed for user "locked"$/,
      )
      assert.ok(!error.message.includes('hunter2'))
      return true
    })
    const absent = location.replace(/test_\w+/, 'absent')
    await assert.rejects(
      start(t, 'serve', { SOJOURN_DATABASE: absent }),
      /got database "absent" does not exist$/,
    )
  },
)

test('production on a store in memory starts, and warns', async (t) => {
  const lines = await start(t, 'serve', { SOJOURN_STORE: 'memory:' })
  assert.equal(
    lines.filter((line) => line.includes('"level":40') && line.includes('in memory alone')).length,
    1,
  )
  assert.ok(!(await start(t, 'serve', {})).some((line) => line.includes('in memory')))
})

test('a variable that looks like a setting and is none is told of; what Kubernetes sets is not', async (t) => {
  const lines = await start(t, 'serve', {
    SOJOURN_STROE: 'postgres://user:password@somewhere',
    SOJOURN_SERVICE_HOST: '10.0.0.1',
    SOJOURN_PORT_80_TCP: 'tcp://10.0.0.1:80',
  })
  const told = lines.filter((line) => line.includes('setting.unknown'))
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /SOJOURN_STROE is no setting/)
  assert.doesNotMatch(lines.join(''), /somewhere/)
})
