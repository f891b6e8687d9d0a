import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { join } from 'node:path'
import { migrations } from '../src/database/migrations.ts'
import { isReady, openDatabase } from '../src/database/open-database.ts'
import { aFolder, aServer, password } from './a-server.ts'
import { databases, newPostgres } from './databases.ts'
import { postgresIsMissing } from './postgres-cluster.ts'

for (const { name, open, skip } of databases) {
  test(`${name}: every migration is applied once, in order, and recorded`, { skip }, async (t) => {
    const database = await open(t)
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      database,
    )
    assert.deepEqual(
      rows.map((row) => row.name),
      Object.keys(migrations),
    )
  })

  test(`${name}: moments come back as the numbers that they went in as`, { skip }, async (t) => {
    const database = await open(t)
    const at = 1_795_257_730_549
    await database.insertInto('login_failures').values({ key: 'a', failures: 1, last_at: at }).execute()
    const row = await database.selectFrom('login_failures').selectAll().executeTakeFirst()
    assert.deepEqual({ ...row }, { key: 'a', failures: 1, last_at: at })
  })

  test(`${name}: what fails in a transaction leaves nothing behind`, { skip }, async (t) => {
    const database = await open(t)
    const failing = database.transaction().execute(async (inner) => {
      await inner.insertInto('login_failures').values({ key: 'a', failures: 1, last_at: 0 }).execute()
      throw new Error('on purpose')
    })
    await assert.rejects(failing, /on purpose/)
    assert.deepEqual(await database.selectFrom('login_failures').selectAll().execute(), [])
  })

  test(`${name}: says that it is ready until it is closed`, { skip }, async (t) => {
    const database = await open(t)
    assert.equal(await isReady(database, 1_000), true)
    await database.destroy()
    assert.equal(await isReady(database, 1_000), false)
  })
}

test('a database of a newer version is refused, not guessed at', async (t) => {
  const location = `sqlite:${join(await aFolder(t), 'server.db')}`
  const database = await openDatabase(location)
  await sql`insert into kysely_migration values ('9999-future', '2030-01-01')`.execute(database)
  await database.destroy()
  await assert.rejects(openDatabase(location), /9999-future/)
})

test('two servers may start at once on one database', { skip: postgresIsMissing }, async () => {
  const location = await newPostgres()
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase(location)))
  await Promise.all(opened.map((database) => database.destroy()))
})

test('the server works on PostgreSQL', { skip: postgresIsMissing }, async (t) => {
  const server = await aServer(t, { env: { SOJOURN_DATABASE: await newPostgres() } })
  const browser = server.browser()
  const signedUp = await browser.submit('/signup', { name: 'Uma', email: 'uma@example.com', password })
  assert.equal(signedUp.status, 303)
  const taken = await server.browser().submit('/signup', { name: 'Uma', email: 'UMA@example.com', password })
  assert.equal(taken.status, 400)
  assert.equal((await browser.open('/')).status, 200)
  assert.equal(
    (await server.browser().submit('/login', { email: 'uma@example.com', password: 'wrong' })).status,
    401,
  )
  assert.equal((await server.browser().submit('/login', { email: 'uma@example.com', password })).status, 303)
})
