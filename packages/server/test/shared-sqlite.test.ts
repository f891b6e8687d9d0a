import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '../src/database/open-database.ts'
import { aFolder } from './a-server.ts'

test('who opens one file of SQLite twice in a process waits for a transaction, and not for a lock that keeps it from its end', async (t) => {
  const location = `sqlite:${join(await aFolder(t), 'server.db')}`
  const [one, other] = await Promise.all([openDatabase(location), openDatabase(location)])
  t.after(() => Promise.all([one.destroy(), other.destroy()]))
  const raised = (database: typeof one) =>
    database.transaction().execute(async (step) => {
      await step
        .insertInto('revisions')
        .values({ name: 'n', revision: 1 })
        .onConflict((row) =>
          row.column('name').doUpdateSet((kept) => ({ revision: kept('revisions.revision', '+', 1) })),
        )
        .execute()
      // Something else has its turn while the transaction is open.
      await new Promise(setImmediate)
    })
  await Promise.all(Array.from({ length: 10 }, (_, at) => raised(at % 2 === 0 ? one : other)))
  const { revision } = await one
    .selectFrom('revisions')
    .selectAll()
    .where('name', '=', 'n')
    .executeTakeFirstOrThrow()
  assert.equal(revision, 10)
})

test('it closes with its last user, whoever that is and however often they say so', async (t) => {
  const location = `sqlite:${join(await aFolder(t), 'server.db')}`
  const [one, other] = [await openDatabase(location), await openDatabase(location)]
  await one.destroy()
  await one.destroy()
  const ask = (database: typeof one) => database.selectFrom('revisions').selectAll().execute()
  assert.deepEqual(await ask(other), [])
  await other.destroy()
  await assert.rejects(ask(other))
  const again = await openDatabase(location)
  assert.deepEqual(await ask(again), [])
  await again.destroy()
})

test('a file that could not be opened is tried anew', async (t) => {
  const folder = await aFolder(t)
  const location = `sqlite:${folder}`
  await assert.rejects(openDatabase(location))
  await assert.rejects(openDatabase(location))
})
