import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RowDataPacket } from 'mysql2/promise'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import type { MysqlClient } from '../../../src/stores/mysql.ts'
import { hour, minute, newSession, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { useMariadb } from './use-mariadb.ts'

const end = { at: start, reason: 'user_logout' } as const
const remembered = { family: 'f', rememberedUntil: start + hour }
const limit = { most: 1, onExceed: 'evict' } as const

const verbs: { readonly [verb: string]: (store: Store) => unknown } = {
  create: (store) => store.create(newSession(), { limit }),
  find: (store) => store.find('a'),
  touch: (store) =>
    store.touch(newSessions(50).map(({ session: { id } }) => ({ id, at: start, lag: 0, confirm: 'h' }))),
  upgrade: (store) => store.upgrade('guest', newSession({ subject: 'u-2' }), { ifRevision: 0, limit }),
  regenerate: (store) => store.regenerate('a', 'hash-of-a', 'b', start),
  write: (store) =>
    store.write('a', { set: { a: 1 }, add: { b: 1 }, append: { c: { items: [1], most: 1 } } }, { at: start }),
  restore: (store) =>
    store.restore?.('r', 'refresh-of-r', newSession({ ...remembered, subject: 'u-3' }), {
      at: start,
      grace: 0,
      limit,
    }),
  end: (store) => store.end({ realm: 'main', subject: 'u-1' }, end),
  voidBefore: (store) => store.voidBefore({ realm: 'main' }, end),
  list: (store) => store.list({ realm: 'main', at: start, state: 'any', limit: 100 }),
  sweep: (store) => store.sweep(start + minute, { limit: 100, purgeBefore: start, minimiseBefore: start }),
  lease: (store) => store.lease('j', 'h', start, start + 1),
  changes: (store) => store.changes?.('1', 10),
}

describe('MariaDB over the wire', { skip: missing('mariadb') }, () => {
  const service = useMariadb({ connectionLimit: 1 })

  /** How often the server has been asked something, by what commands of its protocol. */
  async function asked(): Promise<{ readonly executed: number; readonly prepared: number }> {
    const [rows] = await service.pool.query<RowDataPacket[]>(
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_stmt_execute', 'Com_stmt_prepare')",
    )
    const counts = new Map(rows.map(({ Variable_name, Value }) => [String(Variable_name), Number(Value)]))
    return { executed: counts.get('Com_stmt_execute') ?? 0, prepared: counts.get('Com_stmt_prepare') ?? 0 }
  }

  test('P-18 each verb is one round trip, once a connection knows its statement', async () => {
    const sent: string[] = []
    const client: MysqlClient = new Proxy(service.pool, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          sent.push(String(key))
          return Reflect.apply(value, target, args) as unknown
        }
      },
    })
    const store = mysql(client)
    for (const warm of [true, false]) {
      await createAll(store, [
        newSession({ id: warm ? 'x' : 'a' }),
        newSession({ id: warm ? 'y' : 'guest', subject: null }),
        newSession({ id: warm ? 'z' : 'r', subject: 'u-3', ...remembered }),
      ])
      for (const [verb, call] of Object.entries(verbs)) {
        const before = await asked()
        sent.length = 0
        await call(store)
        if (warm) continue
        assert.deepEqual(sent, ['execute'], verb)
        const { executed, prepared } = await asked()
        assert.deepEqual([verb, executed - before.executed, prepared - before.prepared], [verb, 1, 0])
      }
    }
  })
})
