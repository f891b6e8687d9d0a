import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf } from '../../../src/testing/store-contract/law.ts'

/** A store under Rodauth's names, with one session in it, and its database for plain SQL. */
async function rodauthStore() {
  const db = new DatabaseSync(':memory:')
  const store = sqlite(db, {
    tables: { sessions: 'account_active_session_keys' },
    columns: { id: 'session_id', subject: 'account_id', createdAt: 'created', lastSeenAt: 'last_use' },
  })
  await createAll(store, [newSession({ id: 'a', subject: 'u-7', secretHash: 'keyed-hash' })])
  return { db, store }
}

test('ROD-01 ROD-09 tables.sessions names the table', async () => {
  const { db } = await rodauthStore()
  assert.deepEqual({ ...db.prepare('SELECT count(*) AS n FROM account_active_session_keys').get() }, { n: 1 })
  assert.throws(() => db.prepare('SELECT * FROM sojourn_sessions'), /no such table/)
})

test('ROD-10 columns.subject names the column of the account id', async () => {
  const { db } = await rodauthStore()
  const row = db.prepare("SELECT session_id FROM account_active_session_keys WHERE account_id = 'u-7'").get()
  assert.deepEqual({ ...row }, { session_id: 'a' })
})

test('ROD-11 columns.id names the column of the session id, and the secret is only there as its keyed hash', async () => {
  const { db } = await rodauthStore()
  const row = db.prepare("SELECT secret_hash FROM account_active_session_keys WHERE session_id = 'a'").get()
  assert.deepEqual({ ...row }, { secret_hash: 'keyed-hash' })
})

test('ROD-12 columns.createdAt names the column of the moment of creation', async () => {
  const { db } = await rodauthStore()
  assert.deepEqual(
    { ...db.prepare('SELECT created FROM account_active_session_keys').get() },
    { created: start },
  )
})

test('ROD-13 columns.lastSeenAt names the column of the last use, and a touch writes it', async () => {
  const { db, store } = await rodauthStore()
  await store.touch([{ id: 'a', at: start + minute, lag: 0 }])
  assert.deepEqual(
    { ...db.prepare('SELECT last_use FROM account_active_session_keys').get() },
    { last_use: start + minute },
  )
})

test('names that are no identifiers, unknown or taken are refused with their key path', () => {
  const refused = (options: Parameters<typeof sqlite>[1], message: RegExp): void => {
    assert.throws(() => sqlite(':memory:', options), {
      name: 'SessionError',
      code: 'invalid_option',
      message,
    })
  }
  for (const sessions of ['', '1a', 'a b', 'a"b', 'a;--', 'ü', 'a.b', 'sqlite_x', 'x'.repeat(64)]) {
    refused({ tables: { sessions } }, /^tables\.sessions: expected a name of letters, digits and _/)
  }
  refused({ columns: { lastSeenAt: 'last use' } }, /^columns\.lastSeenAt: /)
  refused(
    { columns: { lastSeenAt: 'CREATED_AT' } },
    /^columns\.lastSeenAt: expected a name that no other has/,
  )
  refused({ tables: { sessions: 'a', watermarks: 'A' } }, /^tables\.watermarks: /)
  refused({ tables: { leases: 'SOJOURN_SESSIONS' } }, /^tables\.leases: /)
  refused(
    JSON.parse('{"columns":{"lastSeen":"a"}}') as object,
    /^columns\.lastSeen: expected one of id, realm, /,
  )
  refused(JSON.parse('{"columns":{"id":7}}') as object, /^columns\.id: .* got 7$/)
})

test('a table that is not of this store is not touched', () => {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE mine (a TEXT)')
  const message = /^tables\.sessions: expected a table of this store, or a name that is free, got "mine"$/
  assert.throws(() => sqlite(db, { tables: { sessions: 'mine' } }), { code: 'invalid_option', message })
})

test('a table that was made under other column names is refused with the key path', () => {
  const db = new DatabaseSync(':memory:')
  sqlite(db, { columns: { lastSeenAt: 'last_use' } })
  const message = /^columns\.lastSeenAt: expected a column of the table sojourn_sessions, got "last_seen_at"$/
  assert.throws(() => sqlite(db), { code: 'invalid_option', message })
})

test('two stores in one database keep apart', async () => {
  const db = new DatabaseSync(':memory:')
  const [first, second] = [sqlite(db), sqlite(db, { tables: { sessions: 'other' } })]
  await createAll(first, [newSession({ id: 'a' })])
  await createAll(second, [newSession({ id: 'a' })])
  await first.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  await first.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
  assert.equal(await first.lease('sweep', 'a', start, start + minute), true)
  assert.equal(await second.lease('sweep', 'b', start, start + minute), true)
  assert.deepEqual(await endOf(second, 'a'), [null, null])
  assert.equal((await second.find('a'))?.watermark, null)
})
