import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { file } from '../../../src/stores/file.ts'
import { isGone, readOwner, thisOwner } from '../../../src/stores/file-owner.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, listIds } from '../../../src/testing/store-contract/law.ts'
import { temporaryFolder } from './temporary.ts'

const onLinux = process.platform !== 'linux' && 'only Linux says when a process began'

test('an owner is gone once its process, or the machine, was started anew', { skip: onLinux }, () => {
  const self = thisOwner()
  assert.equal(isGone(self, self), false)
  assert.equal(isGone({ ...self, pid: 2 ** 22 + 1 }, self), true)
  assert.equal(isGone({ ...self, started: `${self.started}0` }, self), true, 'another process has its number')
  assert.equal(isGone({ ...self, boot: 'another' }, self), true)
  assert.equal(
    isGone({ ...self, pid: 2 ** 22 + 1, space: 'another' }, self),
    false,
    'its number says nothing here',
  )
})

test('what names no owner is nobody that could be judged', () => {
  for (const damaged of [
    '',
    'x',
    '1',
    'null',
    '{}',
    '{"pid":0,"started":"","boot":"","space":""}',
    '{"pid":"1"}',
  ])
    assert.equal(readOwner(damaged), undefined, damaged)
  assert.deepEqual(readOwner(JSON.stringify(thisOwner())), thisOwner())
})

test('the lock of one who is gone is passed over at once', { skip: onLinux }, async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  const gone = { ...thisOwner(), pid: 2 ** 22 + 1 }
  writeFileSync(join(folder, 'lock.1'), JSON.stringify(gone))
  const before = performance.now()
  await createAll(store, [newSession({ id: 'a' })])
  assert.ok(performance.now() - before < 1000)
  assert.ok(readdirSync(folder).includes('log.2'))
  await store.close?.()
})

test('the lock of one who cannot be judged is passed over after a while, and no step is lost by it', async () => {
  const folder = temporaryFolder()
  const store = file(folder)
  await createAll(store, [newSession({ id: 'a' })])
  writeFileSync(join(folder, 'lock.1'), JSON.stringify({ ...thisOwner(), space: 'another' }))
  await createAll(store, [newSession({ id: 'b' })])
  assert.deepEqual((await listIds(store)).toSorted(), ['a', 'b'])
  await store.close?.()
})

test('P-23 what one wrote until he was passed over counts', { skip: onLinux }, async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
  const [store, other] = [file(folder), file(elsewhere)]
  await createAll(other, [newSession({ id: 'slow' })])
  const line = readFileSync(join(elsewhere, 'log.1'), 'utf8').split('\n').at(-2)
  writeFileSync(join(folder, 'lock.1'), JSON.stringify({ ...thisOwner(), boot: 'another' }))
  const { fchmodSync } = fs
  const late = (...args: Parameters<typeof fchmodSync>): void => {
    Object.assign(fs, { fchmodSync })
    syncBuiltinESMExports()
    appendFileSync(join(folder, 'log.1'), `${line}\n`)
    fchmodSync(...args)
  }
  Object.assign(fs, { fchmodSync: late })
  syncBuiltinESMExports()
  await createAll(store, [newSession({ id: 'next' })])
  assert.deepEqual((await listIds(store)).toSorted(), ['next', 'slow'])
  for (const each of [store, other]) await each.close?.()
})

const sleeper = fileURLToPath(new URL('sleeper.ts', import.meta.url))

for (const phase of ['before', 'after']) {
  test(`P-23 one who stands still ${phase} it wrote is passed over, and then knows that its step may not count`, async () => {
    const folder = temporaryFolder()
    const store = file(folder)
    const limit = { most: 1, onExceed: 'evict' } as const
    await createAll(store, [newSession({ id: 'first' })], { limit })
    const child = spawn(process.execPath, [sleeper, folder, phase])
    const said = text(child.stdout)
    const [complaints, exit] = [text(child.stderr), once(child, 'exit')]
    await once(child.stderr, 'data')
    await createAll(store, [newSession({ id: 'second', createdAt: start + 2 })], { limit })
    child.kill('SIGCONT')
    assert.deepEqual(await exit, [0, null], await complaints)
    const { error, live } = JSON.parse(await said) as { error: string; live: readonly string[] }
    assert.equal(error, 'store_unavailable')
    assert.deepEqual(live, ['second'])
    assert.deepEqual(await listIds(store), ['second'])
    assert.equal((await store.find('sleeper')) !== undefined, phase === 'after')
    await store.close?.()
  })
}
