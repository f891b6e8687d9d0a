import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { file } from '../../../src/stores/file.ts'
import type { Store } from '../../../src/core/store.ts'
import { day, minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { temporaryFolder } from './temporary.ts'

function logOf(folder: string): string {
  return join(folder, readdirSync(folder).find((name) => name.startsWith('log.')) ?? '')
}

/** Changes one letter of the log, behind the store's back. */
function hurt(folder: string, text: string, change: (text: string) => string): void {
  const log = logOf(folder)
  const before = readFileSync(log, 'utf8')
  const after = before.replace(text, change)
  assert.notEqual(after, before)
  writeFileSync(log, after)
}

/** A folder with a sound session, and one whose later line is damaged. */
async function damaged(): Promise<{ folder: string; store: Store }> {
  const folder = temporaryFolder()
  const first = file(folder)
  await createAll(first, [newSession({ id: 'sound' }), newSession({ id: 'hurt', data: { step: 1 } })])
  await first.write('hurt', { set: { secretThing: 2 } }, { at: start })
  await first.close?.()
  hurt(folder, '"secretThing":2', () => '"secretThing":3')
  return { folder, store: file(folder) }
}

const refused = { name: 'SessionError', code: 'invalid_data', message: /session hurt is damaged/ }

async function failsClosed(store: Store): Promise<void> {
  assert.throws(() => store.find('hurt'), refused)
  assert.throws(() => store.write('hurt', { set: { a: 2 } }, { at: start }), refused)
  assert.throws(() => store.regenerate('hurt', 'hash-of-hurt', 'next', start), refused)
  await store.touch([
    { id: 'hurt', at: start + 1, lag: 0 },
    { id: 'sound', at: start + 1, lag: 0 },
  ])
  assert.equal((await standing(store, 'sound')).session.lastSeenAt, start + 1)
  assert.deepEqual(await listIds(store), ['hurt', 'sound'])
}

test('A-18 a damaged line fails closed for its session alone, which can still be ended', async () => {
  const { folder, store } = await damaged()
  await failsClosed(store)
  await store.end({ realm: 'main', id: 'hurt' }, { at: start + minute, reason: 'admin_revoked' })
  const again = file(folder)
  for (const each of [store, again]) {
    assert.deepEqual(await endOf(each, 'hurt'), [start + minute, 'admin_revoked'])
    assert.deepEqual({ ...(await standing(each, 'hurt')).data }, {})
    await each.close?.()
  }
})

test('A-18 damage is not forgotten when the log is written anew, and a sweep reaches it', async () => {
  const { folder, store } = await damaged()
  await store.sweep(start, { limit: 10, purgeBefore: 0 })
  assert.notEqual(logOf(folder), join(folder, 'log.1'))
  await failsClosed(store)
  await store.close?.()
  const again = file(folder)
  await failsClosed(again)
  assert.equal((await again.sweep(start + day, { limit: 10, purgeBefore: 0 })).ended.length, 2)
  assert.deepEqual({ ...(await standing(again, 'hurt')).data }, {})
  await again.close?.()
})

test('a session whose first line is damaged is not there, and nothing later of it makes it so', async () => {
  const folder = temporaryFolder()
  const first = file(folder)
  await createAll(first, [newSession({ id: 'sound' }), newSession({ id: 'hurt' })])
  await first.write('hurt', { set: { a: 1 } }, { at: start })
  await first.close?.()
  hurt(folder, '"secretHash":"hash-of-hurt"', (text) => text.replace('hash', 'hush'))
  const store = file(folder)
  assert.equal(await store.find('hurt'), undefined)
  assert.deepEqual(await listIds(store), ['sound'])
  await store.close?.()
})

const unclear: readonly (readonly [what: string, text: string, change: (text: string) => string])[] = [
  ['the name of the session', ' ["hurt"] ', () => ' ["hurz"] '],
  ['the whole line', '"kind":"put"', () => '\u0000'],
  ['a watermark', '"reason":"maintenance"', () => '"reason":"maintenancE"'],
  ['the first line', '"compactedAt":null', () => '"compactedAt":1234'],
]
for (const [what, text, change] of unclear) {
  test(`A-18 where it is not known whom the damage is about, everybody is refused: ${what}`, async () => {
    const folder = temporaryFolder()
    const first = file(folder)
    await createAll(first, [newSession({ id: 'hurt' }), newSession({ id: 'sound' })])
    await first.voidBefore({ realm: 'main', subject: 'u-2' }, { at: start, reason: 'maintenance' })
    await first.close?.()
    hurt(folder, text, (found) => (what === 'the whole line' ? '\u0000'.repeat(found.length) : change(found)))
    if (what === 'the whole line') hurt(folder, '["hurt"]', () => '\u0000')
    const refused = { code: 'invalid_data', message: /log\.1, byte \d+, is damaged/ }
    const store = file(folder)
    assert.throws(() => store.find('sound'), refused)
    assert.throws(() => store.create(newSession()), refused)
    assert.throws(() => store.end({ realm: 'main' }, { at: start, reason: 'user_logout' }), refused)
    assert.throws(() => store.sweep(start, { limit: 1, purgeBefore: 0 }), refused)
    await store.close?.()
  })
}

test('P-23 half a line at the end is one that was never acknowledged: the next log is without it', async () => {
  const folder = temporaryFolder()
  const first = file(folder)
  await createAll(first, [newSession({ id: 'a' })])
  appendFileSync(join(folder, 'log.1'), '0f2a91c3 5be1d4f0 ["b"] [{"kind":"pu')
  assert.notEqual(await first.find('a'), undefined)
  const second = file(folder)
  for (const store of [first, second]) assert.deepEqual(await listIds(store), ['a'])
  await createAll(second, [newSession({ id: 'c' })])
  for (const store of [first, second]) assert.equal((await listIds(store)).length, 2)
  assert.doesNotMatch(readFileSync(logOf(folder), 'utf8'), /\["b"\]/)
  await first.close?.()
  await second.close?.()
})

test('a log that is cut while it is read is refused: who was signed out may be signed in again', async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  await createAll(store, [newSession({ id: 'a' })])
  const log = readFileSync(join(folder, 'log.1'))
  await store.end({ realm: 'main' }, { at: start, reason: 'user_logout' })
  writeFileSync(join(folder, 'log.1'), log)
  assert.throws(() => store.find('a'), { code: 'invalid_data', message: /cut at byte/ })
  await store.close?.()
})
