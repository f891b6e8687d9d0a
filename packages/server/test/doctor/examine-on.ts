import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Config, readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database/open-database.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { examine } from '../../src/doctor/examine.ts'
import { openAccounts } from '../../src/open-accounts.ts'
import { jsonLines } from '../../src/logger.ts'
import { createServer, type Server } from '../../src/server.ts'
import { aFolder, password, secret } from '../a-server.ts'
import { somePlaces } from '../places/some-places.ts'

type Test = (name: string, run: (t: TestContext) => Promise<void>) => void

export const random = 'Zr6yW0aVpL8xGj2hM4eDuBq7TnKc9sRfYiU1oP3wEzA='
const hour = 3_600_000

export interface Patient {
  readonly folder: string
  readonly config: Config
  readonly server: Server
  readonly database: Database
  /** What the doctor finds of one thing. */
  find(
    check: string,
    more?: Partial<Config>,
    now?: () => number,
    secrets?: readonly string[],
  ): Promise<Finding>
}

/** A server that has run, to be looked at. */
export async function aPatient(t: TestContext, database?: string): Promise<Patient> {
  const folder = await aFolder(t)
  const env = {
    SOJOURN_SECRET: secret,
    PORT: '0',
    SOJOURN_HOST: '127.0.0.1',
    ...(database && { SOJOURN_DATABASE: database }),
  }
  const config = await readConfig(env, folder, 'serve')
  const log = jsonLines({ write: () => {}, level: 'silent', now: Date.now })
  const server = await createServer(config, { log })
  const opened = await openAccounts(config)
  t.after(async () => {
    await opened.close()
    await server.close(0)
  })
  for (const name of ['sessions', 'clean-up', 'outbox']) await server.jobs.run(name)
  return {
    folder,
    config,
    server,
    database: opened.database,
    async find(check, more = {}, now = Date.now, secrets = [random]) {
      const findings = await examine({ ...config, ...more }, secrets, now)
      const found = findings.find((one) => one.check === check)
      assert.ok(found, `${check}: ${JSON.stringify(findings)}`)
      if (found.state === 'failure' || found.state === 'warning') assert.ok(found.todo, check)
      return found
    },
  }
}

/** What the doctor finds where all is well, and where one thing is not, on a database. */
export function examineOn(test: Test, where: string, open: () => Promise<string | undefined>): void {
  const patient = async (t: TestContext) => aPatient(t, await open())

  test(`where all is well everything is, and nothing is changed: ${where}`, async (t) => {
    const { config, server } = await patient(t)
    await server.accounts.create({ email: 'uma@example.com', name: 'Uma', password, roles: ['user'] })
    const findings = await examine(config, [random])
    assert.deepEqual(
      findings.filter(({ state }) => state !== 'ok'),
      [],
    )
    assert.equal(findings.length, 13)
  })

  test(`live sessions of accounts that are disabled or deleted are named: ${where}`, async (t) => {
    const { server, database, find } = await patient(t)
    const [one, two] = [await person(server, 'one'), await person(server, 'two')]
    assert.equal((await find('closed accounts')).state, 'ok')
    await database.updateTable('accounts').set({ disabled_at: 1 }).where('id', '=', one).execute()
    await database.deleteFrom('accounts').where('id', '=', two).execute()
    const { state, says } = await find('closed accounts')
    assert.equal(state, 'failure')
    assert.ok(says.includes(one) && says.includes(two))
  })

  test(`who has more sessions than they may is named: ${where}`, async (t) => {
    const { server, find } = await patient(t)
    const id = await person(server, 'one')
    await begin(server, id)
    await server.accounts.setSessionLimit(id, 2)
    assert.equal((await find('limits')).state, 'ok')
    await server.accounts.setSessionLimit(id, 1)
    const { state, says } = await find('limits')
    assert.deepEqual([state, says.includes(id)], ['warning', true])
  })

  test(`jobs that nobody runs, and jobs that fail, are told of: ${where}`, async (t) => {
    const { database, find } = await patient(t)
    assert.equal((await find('jobs')).state, 'ok')
    assert.equal((await find('jobs', {}, () => Date.now() + hour)).state, 'warning')
    await database
      .updateTable('jobs')
      .set({ error: 'the disk is full' })
      .where('name', '=', 'outbox')
      .execute()
    const { state, says } = await find('jobs')
    assert.deepEqual([state, says], ['failure', 'outbox failed: the disk is full'])
  })

  test(`a job that has never run is late three periods after the database was made, and not before: ${where}`, async (t) => {
    const { database, find } = await patient(t)
    await database.deleteFrom('jobs').where('name', '=', 'clean-up').execute()
    const made = 1_800_000_000_000
    const table = database.$extendTables<{ kysely_migration: { name: string; timestamp: string } }>()
    await table
      .updateTable('kysely_migration')
      .set({ timestamp: new Date(made).toISOString() })
      .execute()
    await database
      .updateTable('jobs')
      .set({ ended_at: made + hour / 2, held_until: 0 })
      .execute()
    const young = await find('jobs', {}, () => made + hour / 2)
    assert.deepEqual([young.state, young.says], ['ok', 'the database is new; still to run: clean-up'])
    const { state, says } = await find('jobs', {}, () => made + hour / 2 + 1)
    assert.deepEqual(
      [state, says],
      ['warning', 'no server has run clean-up for longer than three times its period'],
    )
  })

  test(`what waits in the outbox, and dead letters, are told of: ${where}`, async (t) => {
    const { server, database, find } = await patient(t)
    await database
      .insertInto('webhooks')
      .values({
        id: 'w',
        url: 'https://r.example/x',
        note: '',
        format: 'standard',
        events: '["session.started"]',
        created_at: 1,
        failures: 0,
        retry_at: Number.MAX_SAFE_INTEGER,
      })
      .execute()
    await person(server, 'one')
    await server.outbox.settled()
    assert.equal((await find('outbox')).state, 'ok')
    const later = (hours: number) => () => Date.now() + hours * hour + 1_000
    assert.equal((await find('outbox', {}, later(1))).state, 'warning')
    assert.equal((await find('outbox', {}, later(25))).state, 'failure')
    assert.equal((await find('dead letters')).state, 'ok')
    await database.updateTable('deliveries').set({ state: 'dead' }).execute()
    assert.match((await find('dead letters')).says, /^1 events/)
  })

  test(`a database of another version is told of, and left as it is: ${where}`, async (t) => {
    const { database, find } = await patient(t)
    assert.equal((await find('migrations')).state, 'ok')
    const table = database.$extendTables<{ kysely_migration: { name: string; timestamp: string } }>()
    await table.insertInto('kysely_migration').values({ name: '9999-future', timestamp: '' }).execute()
    assert.match((await find('migrations')).says, /newer version: 9999-future/)
    await table.deleteFrom('kysely_migration').where('name', '=', '9999-future').execute()
    await table.deleteFrom('kysely_migration').where('name', '=', '0071-outbox').execute()
    assert.match((await find('migrations')).says, /without 0071-outbox/)
    assert.match((await find('migrations')).says, /without 0071-outbox/)
  })

  test(`a store or a database that does not answer is told of without its password, and what needs it is skipped: ${where}`, async (t) => {
    const { config, find } = await patient(t)
    const gone = { store: 'redis://user:hidden-word@127.0.0.1:1' }
    const store = await find('session store', gone)
    assert.equal(store.state, 'failure')
    assert.equal((await find('limits', gone)).state, 'skipped')
    assert.equal((await find('jobs', gone)).state, 'ok')
    for (const database of ['postgres://u:hidden-word@127.0.0.1:1/x', 'sqlite:/nowhere/at/all.db']) {
      const findings = await examine({ ...config, database }, [random])
      assert.equal(findings[0]?.check, 'database')
      assert.equal(findings[0].state, 'failure')
      assert.ok(!JSON.stringify(findings).includes('hidden-word'))
    }
    assert.ok(!JSON.stringify(store).includes('hidden-word'))
  })
}

/** What needs no database of its own. */
export function settingsExamined(test: Test): void {
  test('a secret that was made up, and a password that anybody guesses, are told of and not shown', async (t) => {
    const { find } = await aPatient(t)
    for (const weak of [
      'x'.repeat(40),
      'abcdefgh'.repeat(5),
      secret,
      'Change-Me-7f3k9q2m8z1x5c0v6b4n-abcdefg',
    ]) {
      const { state, says } = await find('secret', {}, Date.now, [weak])
      assert.equal(state, 'failure', weak)
      assert.ok(!says.includes(weak))
    }
    assert.equal((await find('secret', {}, Date.now, [random, random.toLowerCase()])).state, 'ok')
    assert.equal((await find('secret', {}, Date.now, undefined)).state, 'ok')
    const check = 'passwords of databases'
    const weak = { database: 'postgres://sojourn:sojourn@db.example/x' }
    assert.equal((await find(check, weak)).state, 'failure')
    assert.equal((await find(check, { database: 'postgres://sojourn:sojourn@127.0.0.1/x' })).state, 'ok')
    assert.equal(
      (await find(check, { database: `postgres://sojourn:${encodeURIComponent(random)}@db.example/x` }))
        .state,
      'ok',
    )
  })

  test('no secret in production, an address without TLS, and a proxy that is not trusted are told of', async (t) => {
    const { config, find } = await aPatient(t)
    const url = 'https://login.example.com'
    const findings = await examine({ ...config, url }, undefined)
    assert.equal(findings.find(({ check }) => check === 'secret')?.state, 'failure')
    const check = 'cookies and the address'
    assert.equal((await find(check)).state, 'ok')
    assert.equal((await find(check, { url })).state, 'warning')
    assert.equal((await find(check, { url, trustProxy: 1 })).state, 'ok')
    assert.equal((await find(check, { url: 'http://login.example.com' })).state, 'failure')
  })

  test('a file that others may read is named, with what to do', async (t) => {
    const { folder, find } = await aPatient(t)
    assert.equal((await find('files')).state, 'ok')
    const file = join(folder, 'data/server.db')
    await chmod(file, 0o640)
    const { state, todo } = await find('files')
    assert.equal(state, 'failure')
    assert.match(todo ?? '', /^chmod go= '.*server\.db'/)
  })

  test('SLI-21 a file of places that does not read, or is old, is told of with its age', async (t) => {
    const { folder, find } = await aPatient(t)
    assert.equal((await find('places')).state, 'ok')
    const path = join(folder, 'places.mmdb')
    const geo = { kind: 'file', path } as const
    const builtAt = 1_790_000_000
    const after = (days: number) => () => (builtAt + days * 86_400) * 1_000
    assert.equal((await find('places', { geo }, after(1))).state, 'failure')
    await writeFile(path, somePlaces({ builtAt, type: 'GeoLite2-City' }))
    const young = await find('places', { geo }, after(90))
    assert.deepEqual(young, { check: 'places', state: 'ok', says: 'by GeoLite2-City, built 90 days ago' })
    assert.equal((await find('places', { geo }, after(91))).state, 'warning')
    await writeFile(path, 'something else')
    assert.equal((await find('places', { geo }, after(1))).state, 'failure')
  })
}

async function person(server: Server, name: string): Promise<string> {
  const account = await server.accounts.create({
    email: `${name}@example.com`,
    name,
    password,
    roles: ['user'],
  })
  await begin(server, account?.id ?? '')
  return account?.id ?? ''
}

async function begin(server: Server, subject: string): Promise<void> {
  await server.sessions.start({
    subject,
    method: 'password',
    request: { ip: null, userAgent: null, passive: false },
  })
}
