import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Kysely, type LogEvent, SqliteDialect } from 'kysely'
import { ValiError } from 'valibot'
import { Accounts } from '../../src/accounts/accounts.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import { migrations } from '../../src/database/migrations.ts'
import { openNodeSqlite } from '../../src/database/node-sqlite.ts'
import { type Database, openDatabase } from '../../src/database/open-database.ts'
import type { Tables } from '../../src/database/tables.ts'
import { aFolder, cheap, password } from '../a-server.ts'
import { databases } from '../databases.ts'

const clock = { now: () => 1_700_000_000_000 }
const passwords = new Passwords({ cost: cheap })

for (const { name, open, skip } of databases) {
  test(`${name}: an account is found by id and by e-mail, whatever its case`, { skip }, async (t) => {
    const accounts = new Accounts(await open(t), passwords, clock)
    const made = await accounts.create({ email: ' Uma@Example.com ', name: 'Uma', password })
    assert.ok(made)
    assert.deepEqual(made, {
      id: made.id,
      email: 'Uma@Example.com',
      name: 'Uma',
      roles: ['user'],
      sessionLimit: null,
      disabledAt: null,
      createdAt: clock.now(),
      phone: null,
      emailVerifiedAt: null,
      credentialRevision: 0,
    })
    assert.deepEqual(await accounts.find(made.id), made)
    assert.deepEqual(await accounts.findByEmail('UMA@EXAMPLE.COM'), made)
    assert.equal(await accounts.find('nobody'), undefined)
    assert.deepEqual([...(await accounts.findAll([made.id, 'nobody', made.id])).keys()], [made.id])
    assert.deepEqual([...(await accounts.findAll([])).keys()], [])
  })

  test(`${name}: one e-mail address has one account, also where many ask at once`, { skip }, async (t) => {
    const accounts = new Accounts(await open(t), passwords, clock)
    const made = await Promise.all(
      ['uma@example.com', 'UMA@example.com', 'Uma@Example.COM', ' uma@example.com'].map((email) =>
        accounts.create({ email, name: 'Uma', password }),
      ),
    )
    assert.equal(made.filter((account) => account !== undefined).length, 1)
  })

  test(`${name}: roles, limit, password and disabling are kept`, { skip }, async (t) => {
    const accounts = new Accounts(await open(t), passwords, clock)
    const made = await accounts.create({ email: 'uma@example.com', name: 'Uma', password, sessionLimit: 0 })
    assert.ok(made)
    await accounts.setRoles(made.id, ['user', 'store-admin'])
    await accounts.setSessionLimit(made.id, 3)
    await accounts.setPassword(made.id, 'another password')
    assert.equal(await accounts.verify('uma@example.com', password), undefined)
    const now = await accounts.verify('uma@example.com', 'another password')
    assert.partialDeepStrictEqual(now, { roles: ['user', 'store-admin'], sessionLimit: 3 })
    await accounts.disable(made.id)
    assert.equal(await accounts.verify('uma@example.com', 'another password'), undefined)
    assert.equal((await accounts.find(made.id))?.disabledAt, clock.now())
  })
}

test('R-79 a hash of an older cost is replaced at the next sign-in, and no other', async (t) => {
  const database = await memory(t)
  const kept = async () =>
    (await database.selectFrom('accounts').select('password_hash').executeTakeFirstOrThrow()).password_hash
  await new Accounts(database, passwords, clock).create({ email: 'uma@example.com', name: 'Uma', password })
  const old = await kept()
  const dearer = new Accounts(database, new Passwords({ cost: { ...cheap, passes: 2 } }), clock)
  await dearer.verify('uma@example.com', 'wrong password')
  assert.equal(await kept(), old)
  assert.ok(await dearer.verify('uma@example.com', password))
  const fresh = await kept()
  assert.match(fresh ?? '', /t=2/)
  assert.ok(await dearer.verify('uma@example.com', password))
  assert.equal(await kept(), fresh)
})

test('what does not fit is refused before anything is written', async (t) => {
  const accounts = new Accounts(await memory(t), passwords, clock)
  const good = { email: 'uma@example.com', name: 'Uma', password }
  const bad = [
    { ...good, email: 'uma' },
    { ...good, email: 'u ma@example.com' },
    { ...good, email: 'uma@example.com\r\nx' },
    { ...good, email: `${'x'.repeat(250)}@e.com` },
    { ...good, name: ' ' },
    { ...good, name: 'U\u001bma' },
    { ...good, name: 'x'.repeat(101) },
    { ...good, password: 'short' },
    { ...good, sessionLimit: -1 },
    { ...good, sessionLimit: 1.5 },
  ]
  for (const input of bad) await assert.rejects(accounts.create(input), ValiError)
  assert.equal(await accounts.findByEmail(good.email), undefined)
})

test('an account without a password is opened by none', async (t) => {
  const accounts = new Accounts(await memory(t), passwords, clock)
  await accounts.create({ email: 'uma@example.com', name: 'Uma' })
  for (const tried of ['', 'null', password])
    assert.equal(await accounts.verify('uma@example.com', tried), undefined)
})

test('accounts outlive the process, in a file for its owner alone', async (t) => {
  const path = join(await aFolder(t), 'new', 'server.db')
  const file = `sqlite:${path}`
  const first = await openDatabase(file)
  for (const one of [path, `${path}-wal`]) assert.equal((await stat(one)).mode & 0o777, 0o600)
  assert.equal((await stat(dirname(path))).mode & 0o777, 0o700)
  await new Accounts(first, passwords, clock).create({ email: 'uma@example.com', name: 'Uma', password })
  await first.destroy()
  const second = await openDatabase(file)
  t.after(() => second.destroy())
  assert.ok(await new Accounts(second, passwords, clock).verify('uma@example.com', password))
})

async function memory(t: TestContext): Promise<Database> {
  const database = await openDatabase('sqlite::memory:')
  t.after(() => database.destroy())
  return database
}

test('an account is found by its id with one read of its own row', async (t) => {
  const said: string[] = []
  const sqlite = openNodeSqlite(':memory:')
  const log = (event: LogEvent) => void said.push(event.query.sql)
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }), log })
  t.after(() => database.destroy())
  await migrations['0001-accounts']?.up(database)
  said.length = 0
  await new Accounts(database, passwords, clock).find('nobody')
  assert.equal(said.length, 1)
  const plan = sqlite.prepare(`explain query plan ${said[0]}`).all(['nobody'])
  assert.match(JSON.stringify(plan), /SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 \(id=\?\)/)
})
