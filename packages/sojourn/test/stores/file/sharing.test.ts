import assert from 'node:assert/strict'
import fs, { readdirSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import { file } from '../../../src/stores/file.ts'
import { day, minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { endedIn, follow } from '../../../src/testing/store-contract/feed-reader.ts'
import { createAll, endOf, listIds } from '../../../src/testing/store-contract/law.ts'
import { temporaryFolder } from './temporary.ts'

const calls = [
  'openSync',
  'readSync',
  'readFileSync',
  'writeSync',
  'linkSync',
  'unlinkSync',
  'readdirSync',
  'statSync',
  'fstatSync',
] as const

/** Which calls of the file system are made meanwhile. */
async function callsOf(run: () => unknown): Promise<readonly string[]> {
  const made: string[] = []
  const before = calls.map((name) => [name, fs[name]] as const)
  for (const [name, call] of before) {
    const counted = (...args: readonly unknown[]): unknown => {
      made.push(name)
      return (call as (...args: readonly unknown[]) => unknown)(...args)
    }
    Object.assign(fs, { [name]: counted })
  }
  syncBuiltinESMExports()
  try {
    await run()
  } finally {
    Object.assign(fs, Object.fromEntries(before))
    syncBuiltinESMExports()
  }
  return made
}

test('P-05 find and list ask once how long the log is, open and lock nothing, and read what others wrote', async () => {
  const folder = temporaryFolder()
  const [store, other] = [file(folder), file(folder)]
  await createAll(store, [newSession({ id: 'a' })])
  assert.deepEqual(await callsOf(() => store.find('a')), ['fstatSync'])
  assert.deepEqual(await callsOf(() => listIds(store)), ['fstatSync'])
  await other.end({ realm: 'main', id: 'a' }, { at: start, reason: 'user_logout' })
  assert.deepEqual(await callsOf(() => store.find('a')), ['fstatSync', 'readSync'])
  assert.deepEqual(await endOf(store, 'a'), [start, 'user_logout'])
  for (const each of [store, other]) await each.close?.()
})

test('P-13 a step appends one line, whatever it changes', async () => {
  const store = file(temporaryFolder())
  const limit = { most: 5, onExceed: 'evict' } as const
  await createAll(
    store,
    Array.from({ length: 5 }, () => newSession()),
    { limit },
  )
  const made = await callsOf(() =>
    store.create(newSession({ createdAt: start + 1 }), { limit: { most: 1, onExceed: 'evict' } }),
  )
  assert.deepEqual(
    made.filter((name) => name !== 'fstatSync'),
    ['linkSync', 'writeSync', 'unlinkSync'],
  )
  await store.close?.()
})

test('P-07 several stores of one folder obey one limit', async () => {
  const folder = temporaryFolder()
  const stores = [file(folder), file(folder), file(folder)]
  const ended: string[] = []
  for (let index = 0; index < 60; index++) {
    const result = await stores[index % 3]?.create(newSession({ createdAt: start + index }), {
      limit: { most: 3, onExceed: 'evict' },
    })
    assert.equal(result?.status, 'created')
    ended.push(...result.ended.map(({ id }) => id))
  }
  assert.equal(new Set(ended).size, 57)
  for (const store of stores) {
    assert.equal((await listIds(store, { at: start + minute })).length, 3)
    await store.close?.()
  }
})

test('P-19 a feed tells what other stores of the folder did, without a gap when the log is written anew', async () => {
  const folder = temporaryFolder()
  const [reader, writer] = [file(folder), file(folder)]
  const next = await follow(reader)
  for (let round = 0; round < 4; round++) {
    const id = `s-${round}`
    await createAll(writer, [newSession({ id, idleTimeout: null, expiresAt: null })])
    await writer.end({ realm: 'main', id }, { at: start, reason: 'user_logout' })
    await writer.sweep(start + round * day, { limit: 10, purgeBefore: 0 })
    assert.deepEqual(endedIn(await next()), [id])
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('log.')),
    ['log.5'],
  )
  for (const each of [reader, writer]) await each.close?.()
})

test('P-19 a watcher hears that another store of the folder wrote, and keeps no process alive', async () => {
  const folder = temporaryFolder()
  const [reader, writer] = [file(folder), file(folder)]
  await createAll(writer, [newSession({ id: 'a' })])
  const heard = new Promise<void>((resolve) => reader.watch?.(resolve))
  await writer.end({ realm: 'main', id: 'a' }, { at: start, reason: 'user_logout' })
  // The watch keeps no process alive, so something else has to.
  const alive = setInterval(() => undefined, 1000)
  await heard
  clearInterval(alive)
  for (const each of [reader, writer]) await each.close?.()
})
