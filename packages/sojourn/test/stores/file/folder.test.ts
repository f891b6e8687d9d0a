import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { file } from '../../../src/stores/file.ts'
import { day, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { temporaryFolder } from './temporary.ts'

const noModes = process.platform === 'win32' && 'Windows has no modes'

test('JAD-19 sessions, data, watermarks and leases outlive the process that wrote them', async () => {
  const folder = temporaryFolder()
  const first = file(folder)
  await createAll(first, [newSession({ id: 'a', data: { cart: ['x'] } })])
  await first.voidBefore({ realm: 'main' }, { at: start, reason: 'maintenance' })
  await first.lease('sweep', 'one', start, start + 10)
  const before = await standing(first, 'a')
  await first.close?.()
  const second = file(folder)
  assert.deepEqual(await standing(second, 'a'), before)
  assert.equal(await second.lease('sweep', 'other', start + 10, start + 20), false)
  await second.close?.()
})

test('A-10 only its owner can open the folder and its files', { skip: noModes }, async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  await createAll(store, [newSession()])
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name)
  await store.close?.()
  for (const mode of [0o755, 0o750, 0o701]) {
    chmodSync(folder, mode)
    assert.throws(() => file(folder), { code: 'invalid_option', message: /^folder: .*chmod 700/ })
  }
})

test('what is no folder for a store is refused', () => {
  const path = temporaryFolder()
  assert.throws(() => file(''), { code: 'invalid_option', message: /^folder: / })
  assert.throws(() => file(path, { maxSessions: 0 }), { code: 'invalid_option', message: /^maxSessions: / })
  writeFileSync(path, 'a file')
  assert.throws(() => file(path), { code: 'store_unavailable' })
  assert.throws(() => file(join(path, 'below')), { code: 'store_unavailable' })
})

test('a folder of a later release is refused', () => {
  const folder = temporaryFolder()
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(join(folder, 'sojourn.json'), '{"store":"file","version":2}')
  assert.throws(() => file(folder), { code: 'store_unavailable', message: /later release/ })
})

test('a folder that lost its logs is refused: an empty store would not know who was signed out', async () => {
  const folder = temporaryFolder()
  await file(folder).close?.()
  rmSync(join(folder, 'log.1'))
  assert.throws(() => file(folder), { code: 'store_unavailable', message: /lost its logs/ })
})

test('P-23 a folder that is removed meanwhile is store_unavailable, and so is a store that was closed', async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  await createAll(store, [newSession({ id: 'a' })])
  rmSync(folder, { recursive: true })
  const failure = { name: 'SessionError', code: 'store_unavailable' }
  assert.throws(() => store.find('a'), failure)
  assert.throws(() => store.create(newSession()), failure)
  await store.close?.()
  await store.close?.()
  assert.throws(() => store.find('a'), failure)
  assert.throws(() => store.create(newSession()), failure)
})

test('files that are not its own are left alone', async () => {
  const folder = temporaryFolder()
  mkdirSync(folder, { mode: 0o700 })
  const names = ['notes.txt', 'log', 'log.x', 'log.07', 'lock.old', 'process.1', 'draft.1', 'log.3.bak']
  for (const name of names) writeFileSync(join(folder, name), name)
  const store = file(folder)
  for (let round = 0; round < 3; round++) {
    await createAll(store, [newSession()])
    await store.sweep(start + round * day, { limit: 10, purgeBefore: 0 })
  }
  await store.close?.()
  await file(folder).close?.()
  for (const name of names) assert.equal(readFileSync(join(folder, name), 'utf8'), name)
})

test('P-17 the first sweep of a day leaves nothing on the disk of what was purged or lost its details', async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  const log = (): string =>
    readdirSync(folder)
      .filter((name) => name.startsWith('log.'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('')
  await createAll(store, [
    newSession({ id: 'old', ip: '198.51.100.1' }),
    newSession({ id: 'kept', ip: '198.51.100.2' }),
  ])
  await store.end({ realm: 'main' }, { at: start, reason: 'user_logout' })
  assert.match(log(), /198\.51\.100\.1/)
  await store.sweep(start, { limit: 1, purgeBefore: start + 1 })
  await store.sweep(start + day - 1, { limit: 10, purgeBefore: 0, minimiseBefore: start + 1 })
  assert.match(log(), /198\.51\.100/)
  await store.sweep(start + day, { limit: 10, purgeBefore: 0 })
  assert.doesNotMatch(log(), /198\.51\.100/)
  assert.equal(existsSync(join(folder, 'log.1')), false)
  await store.close?.()
})

test('a log that grew is written anew, and stays small however often the same changes', async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  await createAll(store, [newSession({ id: 'a', idleTimeout: null, expiresAt: null })])
  const text = 'x'.repeat(10_000)
  let largest = 0
  for (let index = 0; index < 500; index++) {
    await store.write('a', { set: { text: `${text}${index}` } }, { at: start })
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
    largest = Math.max(largest, ...sizes)
  }
  assert.ok(largest < 1_200_000, `${largest} bytes`)
  assert.equal((await standing(store, 'a')).data['text'], `${text}499`)
  await store.close?.()
})
