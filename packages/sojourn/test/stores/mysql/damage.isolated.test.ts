import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { createAll, endOf, listIds, standing } from '../../../src/testing/store-contract/law.ts'
import { emptyMysql } from './open.ts'
import { useMariadb } from './use-mariadb.ts'

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
  ['data', '{\n "a":1\n,"b":}'],
  ['roles', 'admin'],
  ['roles', '{"0":"admin"}'],
  ['amr', '[1]'],
  ['factors', '["pwd"]'],
  ['factors', '[{"amr":"pwd","at":"now"}]'],
  ['factors', '{}'],
] as const

describe('damaged rows of MariaDB', { skip: missing('mariadb') }, () => {
  const service = useMariadb()

  /** A store with a sound session and one whose row was changed behind its back. */
  async function damaged(column: string, value: string): Promise<Store> {
    const store = await emptyMysql(service.pool)
    await createAll(store, [
      newSession({ id: 'sound', data: { a: 1 } }),
      newSession({ id: 'hurt', data: { a: 1 } }),
    ])
    await service.pool.query(`UPDATE sojourn_sessions SET ${column} = ? WHERE id = 'hurt'`, [value])
    return store
  }

  for (const [column, value] of damages) {
    test(`A-18 a damaged row fails closed, and can still be ended: ${column} = ${value}`, async () => {
      const store = await damaged(column, value)
      await assert.rejects(async () => await store.find('hurt'), refused)
      await assert.rejects(async () => await store.write('hurt', { set: { a: 2 } }, { at: start }), refused)
      await assert.rejects(async () => await store.regenerate('hurt', 'hash-of-hurt', 'next', start), refused)
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

  test('what a damaged row holds reaches no message', async () => {
    const store = await damaged('data', '{"secret-thing":')
    await assert.rejects(
      async () => await store.find('hurt'),
      (error) => !String(error).includes('secret-thing'),
    )
  })
})
