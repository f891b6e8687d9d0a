import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { openFile } from '../../../src/stores/sqlite-connection.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { temporaryFile } from './temporary.ts'

test('JAD-19 sessions, data and watermarks outlive the process that wrote them', async (context) => {
  const path = temporaryFile(context)
  const first = sqlite(path)
  await createAll(first, [newSession({ id: 'a', data: { cart: ['x'] } })])
  await first.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  const before = await standing(first, 'a')
  await first.close?.()
  const second = sqlite(path)
  context.after(() => second.close?.())
  assert.deepEqual(await standing(second, 'a'), before)
})

test('P-07 two connections to one file obey one limit', async (context) => {
  const path = temporaryFile(context)
  const stores = [sqlite(path), sqlite(path), sqlite(path)]
  context.after(async () => {
    for (const store of stores) await store.close?.()
  })
  const ended: string[] = []
  for (let index = 0; index < 60; index++) {
    const result = await stores[index % 3]?.create(newSession({ createdAt: start + index }), {
      limit: { most: 3, onExceed: 'evict' },
    })
    assert.equal(result?.status, 'created')
    ended.push(...result.ended.map(({ id }) => id))
  }
  assert.equal(new Set(ended).size, 57)
  for (const store of stores) assert.equal((await listIds(store, { at: start + minute })).length, 3)
})

test('P-01 P-07 A-24 processes that share a file lose no write and pass no limit', async (context) => {
  const path = temporaryFile(context)
  const store = sqlite(path)
  context.after(() => store.close?.())
  await createAll(store, [newSession({ id: 'shared', subject: 'u-2' })])
  const script = fileURLToPath(new URL('busy-process.ts', import.meta.url))
  const run = promisify(execFile)
  await Promise.all(['p', 'q', 'r'].map((name) => run(process.execPath, [script, path, name])))
  assert.equal((await listIds(store, { subject: 'u-1', at: start })).length, 3)
  assert.equal((await listIds(store, { subject: 'u-1', state: 'ended' })).length, 150 - 3)
  const { data, session } = await standing(store, 'shared')
  assert.equal(data.count, 150)
  assert.equal(Object.keys(data).length, 151)
  assert.equal(session.revision, 150)
})

test('A-10 P-09 the files hold no secret, in no encoding', async (context) => {
  const path = temporaryFile(context)
  const store = sqlite(path)
  const secrets = Array.from({ length: 3 }, () => randomBytes(32))
  const hashes = secrets.map((secret) =>
    createHash('sha256').update('pepper').update(secret).digest('base64url'),
  )
  const [first = '', second = '', third = ''] = hashes
  await createAll(store, [newSession({ id: 'a', secretHash: first })])
  await store.regenerate('a', first, second, start)
  await store.touch([{ id: 'a', at: start, lag: 0, rehash: { from: second, to: third } }])
  const files = readdirSync(dirname(path)).map((name) => readFileSync(join(dirname(path), name)))
  await store.close?.()
  const dump = Buffer.concat([...files, readFileSync(path)])
  assert.ok(dump.includes(third), 'the dump holds what was written')
  for (const secret of secrets) {
    for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const) {
      assert.equal(dump.toString('latin1').includes(secret.toString(encoding)), false)
    }
  }
})

test(
  'A-10 only its owner can read the files',
  { skip: process.platform === 'win32' && 'Windows has no modes' },
  async (context) => {
    const path = temporaryFile(context)
    const store = sqlite(path)
    await createAll(store, [newSession()])
    for (const name of readdirSync(dirname(path)))
      assert.equal(statSync(join(dirname(path), name)).mode & 0o077, 0, name)
    await store.close?.()
  },
)

test('a file is in WAL mode; only a durable store waits for the disk at each write', (context) => {
  const path = temporaryFile(context)
  const [db, durable] = [openFile(path, false), openFile(path, true)]
  context.after(() => [db, durable].forEach((connection) => connection.close()))
  assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal')
  assert.equal(db.prepare('PRAGMA synchronous').get()?.synchronous, 1)
  assert.equal(durable.prepare('PRAGMA synchronous').get()?.synchronous, 2)
  assert.throws(() => sqlite(db, { durable: true }), { code: 'invalid_option', message: /^durable: / })
  assert.throws(() => sqlite(''), { code: 'invalid_option' })
})

test('P-23 what SQLite refuses is store_unavailable, with its cause', async (context) => {
  const path = temporaryFile(context)
  assert.throws(() => sqlite(join(path, 'no', 'folder')), { name: 'SessionError', code: 'store_unavailable' })
  const store = sqlite(path)
  await store.close?.()
  const failure = { name: 'SessionError', code: 'store_unavailable', status: 503 }
  assert.throws(() => store.find('a'), failure)
  assert.throws(() => store.create(newSession()), failure)
  assert.throws(() => store.list({ realm: 'main', at: start, state: 'live', limit: 1 }), failure)
  await store.close?.()
})

test('P-23 a locked file is store_unavailable, writes nothing, and answers again afterwards', async (context) => {
  const path = temporaryFile(context)
  const db = new DatabaseSync(path, { timeout: 0 })
  const store = sqlite(db)
  const other = new DatabaseSync(path)
  context.after(() => [db, other].forEach((connection) => connection.close()))
  other.exec('BEGIN IMMEDIATE')
  const entry = newSession({ id: 'a' })
  assert.throws(() => store.create(entry), { code: 'store_unavailable', message: /locked/ })
  assert.equal(await store.find('a'), undefined)
  other.exec('COMMIT')
  await createAll(store, [entry])
})

test('within a transaction of the caller, what the store does is part of it', async () => {
  const db = new DatabaseSync(':memory:')
  const store = sqlite(db)
  await createAll(store, [newSession({ id: 'kept' })])
  db.exec('BEGIN')
  await createAll(store, [newSession({ id: 'undone' })])
  assert.throws(() => store.write('kept', { add: Object.fromEntries([['__proto__', 1]]) }, { at: start }), {
    code: 'invalid_data',
  })
  assert.notEqual(await store.find('undone'), undefined)
  db.exec('ROLLBACK')
  assert.equal(await store.find('undone'), undefined)
  await store.close?.()
  assert.equal(db.isOpen, true)
})
