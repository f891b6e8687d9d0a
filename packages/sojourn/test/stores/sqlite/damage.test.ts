import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'

/** A store with a sound session and one whose row was changed behind its back. */
async function damaged(column: string, value: string) {
  const db = new DatabaseSync(':memory:')
  const store = sqlite(db)
  await createAll(store, [
    newSession({ id: 'sound', data: { a: 1 } }),
    newSession({ id: 'hurt', data: { a: 1 } }),
  ])
  db.prepare(`UPDATE sojourn_sessions SET ${column} = ? WHERE id = 'hurt'`).run(value)
  return store
}

const refused = {
  name: 'SessionError',
  code: 'invalid_data',
  message: /^The row of session hurt is damaged: /,
}

const damages = [
  ['data', '{"secret-thing":'],
  ['data', ''],
  ['data', '[]'],
  ['data', 'null'],
  ['data', '{"__proto__":{"polluted":1}}'],
  ['data', '{"a":{"\\u005f_proto__":{"polluted":1}}}'],
  ['roles', 'admin'],
  ['roles', '{"0":"admin"}'],
  ['amr', '[1]'],
  ['factors', '["pwd"]'],
  ['factors', '[{"amr":"pwd","at":"now"}]'],
  ['factors', '{}'],
] as const

for (const [column, value] of damages) {
  test(`A-18 a damaged row fails closed, and can still be ended: ${column} = ${value}`, async () => {
    const store = await damaged(column, value)
    assert.throws(() => store.find('hurt'), refused)
    assert.throws(() => store.write('hurt', { set: { a: 2 } }, { at: start }), refused)
    assert.throws(() => store.regenerate('hurt', 'hash-of-hurt', 'next', start), refused)
    assert.deepEqual({ ...(await standing(store, 'sound')).data }, { a: 1 })
    assert.deepEqual(await listIds(store), ['hurt', 'sound'])
    await store.end({ realm: 'main', id: 'hurt' }, { at: start, reason: 'admin_revoked' })
    assert.deepEqual(await endOf(store, 'hurt'), [start, 'admin_revoked'])
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })
}

test('a damaged row is swept like any other', async () => {
  const store = await damaged('data', 'x')
  const { ended } = await store.sweep(start + 31 * minute, { limit: 10, purgeBefore: 0 })
  assert.equal(ended.length, 2)
  assert.deepEqual({ ...(await standing(store, 'hurt')).data }, {})
})

test('damaged roles are listed as none', async () => {
  const store = await damaged('roles', '["admin"')
  const { items } = await store.list({ realm: 'main', at: start, state: 'live', limit: 10 })
  assert.deepEqual(
    items.map(({ roles }) => roles),
    [[], ['member']],
  )
})

test('what a damaged row holds reaches no message', async () => {
  const store = await damaged('data', '{"secret-thing":')
  assert.throws(
    () => store.find('hurt'),
    (error) => !String(error).includes('secret-thing'),
  )
})

test('P-02 a tampered end is an end: no verb takes it back', async () => {
  const store = await damaged('ended_at', String(start))
  await store.touch([{ id: 'hurt', at: start, lag: 0 }])
  assert.deepEqual(await store.write('hurt', {}, { at: start }), { status: 'gone' })
  assert.deepEqual(await endOf(store, 'hurt'), [start, null])
})
