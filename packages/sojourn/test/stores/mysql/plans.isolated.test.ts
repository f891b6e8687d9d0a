import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { RowDataPacket } from 'mysql2/promise'
import { missing } from '../../../../../test/services/programs.ts'
import type { ListQuery, Store } from '../../../src/core/store.ts'
import { listStatement } from '../../../src/stores/mysql-list.ts'
import { readNames } from '../../../src/stores/mysql-names.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import { hour, newSession, start } from '../../../src/testing/fixtures.ts'
import { makeRows, rowsRead } from './many-rows.ts'
import { useMariadb } from './use-mariadb.ts'

const rows = 60_000
const at = start + rows
const realm = 'main'
const end = { at, reason: 'user_logout' } as const
const limit = { most: 1, onExceed: 'evict' } as const
const states = ['live', 'ended', 'restorable', 'any'] as const
const cursor = `${start + rows / 2}.row-${rows / 2}`

/** Each verb on the large table, with the most rows that it may read: a few for each session that it is about. */
const verbs: { readonly [verb: string]: readonly [most: number, call: (store: Store) => unknown] } = {
  find: [5, (store) => store.find('row-1234')],
  'touch, of 20': [
    20 * 12,
    (store) =>
      store.touch(Array.from({ length: 20 }, (_, n) => ({ id: `row-${n * 100}`, at, lag: 0, confirm: 'x' }))),
  ],
  create: [10, (store) => store.create(newSession({ createdAt: at }))],
  'create, under a limit': [
    200,
    (store) => store.create(newSession({ subject: 'u-401', createdAt: at }), { limit }),
  ],
  upgrade: [
    200,
    (store) =>
      store.upgrade('row-1', newSession({ realm: 'other', createdAt: at, subject: 'u-3' }), {
        ifRevision: 0,
        limit,
      }),
  ],
  regenerate: [20, (store) => store.regenerate('row-2', 'hash', 'b', at)],
  write: [20, (store) => store.write('row-2', { set: { a: 1 } }, { at })],
  restore: [
    200,
    (store) =>
      store.restore?.('row-20', 'refresh-20', newSession({ subject: 'u-2', family: 'f-6', createdAt: at }), {
        at,
        grace: 0,
        limit,
      }),
  ],
  'end, by id': [100, (store) => store.end({ realm, id: 'row-4' }, end)],
  'end, by subject': [200, (store) => store.end({ realm, subject: 'u-60' }, end)],
  'end, by family': [200, (store) => store.end({ realm, family: 'f-70' }, end)],
  'end, by parent': [200, (store) => store.end({ realm, parent: 'row-109' }, end)],
  'end, by actor': [100, (store) => store.end({ realm, actor: 'nobody' }, end)],
  voidBefore: [10, (store) => store.voidBefore({ realm, subject: 'u-9' }, end)],
  'find, beside a watermark': [10, (store) => store.find('row-1234')],
  lease: [20, (store) => store.lease('j', 'h', at, at)],
  changes: [10, (store) => store.changes?.(null, 10)],
  'sweep, of what is past retention': [
    // The batch of each kind, and under a watermark.
    1_000,
    (store) => store.sweep(start, { limit: 100, purgeBefore: start + 300, minimiseBefore: start + 600 }),
  ],
  'sweep, of one subject': [
    200,
    (store) =>
      store.sweep(at, {
        limit: 100,
        purgeBefore: start,
        minimiseBefore: start,
        of: { realm, subject: 'u-200' },
      }),
  ],
  'sweep, of the expired': [5_000, (store) => store.sweep(start + hour, { limit: 100, purgeBefore: 0 })],
}

describe('MariaDB with many rows', { skip: missing('mariadb') }, () => {
  const service = useMariadb({ connectionLimit: 1 }, ['--innodb-flush-log-at-trx-commit=0'])
  let store: Store
  before(async () => {
    store = mysql(service.pool)
    await store.find('')
    await makeRows(service.pool, rows)
  })

  test('P-13 each verb reads the rows that it is about, however many there are', async () => {
    for (const [verb, [most, call]] of Object.entries(verbs)) {
      const before = await rowsRead(service.pool)
      await call(store)
      const read = (await rowsRead(service.pool)) - before
      assert.ok(read <= most, `${verb} read ${read} rows`)
    }
  })

  const filters = [
    {},
    { subject: 'u-77' },
    { subject: null },
    { ip: '192.0.2.1' },
    { id: 'row-8' },
    { family: 'f-5' },
    { parent: 'row-9' },
    { actor: 'a' },
  ]

  test('P-13 a page of a list reads little more than it shows, from wherever it begins', async () => {
    for (const state of states) {
      for (const filter of filters) {
        for (const from of [{}, { cursor }]) {
          const before = await rowsRead(service.pool)
          const { items } = await store.list({ realm, at, state, limit: 50, ...filter, ...from })
          const read = (await rowsRead(service.pool)) - before
          assert.ok(
            read <= 1_000,
            `${state} ${JSON.stringify({ ...filter, ...from })} read ${read} rows for ${items.length}`,
          )
        }
      }
    }
  })

  test('P-13 lists come in the order of an index; only a family, a parent or an actor, which have few, are sorted', async () => {
    const names = readNames({})
    for (const state of states) {
      for (const filter of filters.filter((filter) => !('id' in filter))) {
        const query: ListQuery = { realm, at, state, limit: 50, cursor, ...filter }
        const { sql, values } = listStatement(query, names)
        const [plan] = await service.pool.execute<RowDataPacket[]>(`EXPLAIN ${sql}`, [...values])
        const [step] = plan.filter(({ table }) => table === 's')
        assert.ok(['range', 'ref'].includes(String(step?.['type'])), `${sql}\n${JSON.stringify(plan)}`)
        const few = 'family' in filter || 'parent' in filter || 'actor' in filter
        assert.ok(
          few || !/filesort|temporary/.test(String(step?.['Extra'])),
          `${sql}\n${JSON.stringify(plan)}`,
        )
      }
    }
  })

  test('P-05 no index mentions what a touch changes', async () => {
    const [columns] = await service.pool.query<RowDataPacket[]>(
      `SELECT DISTINCT COLUMN_NAME name FROM information_schema.STATISTICS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'sojourn_sessions'`,
    )
    const indexed = columns.map(({ name }) => String(name)).toSorted()
    const wanted = [
      'actor',
      'created_at',
      'family',
      'id',
      'parent',
      'realm',
      'sojourn_remembered',
      'sojourn_stage',
      'sojourn_stage_at',
      'subject',
    ]
    assert.deepEqual(indexed, wanted)
    const computed = `SELECT GENERATION_EXPRESSION how FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'sojourn_sessions' AND GENERATION_EXPRESSION <> ''`
    const [expressions] = await service.pool.query<RowDataPacket[]>(computed)
    assert.equal(expressions.length, 3)
    for (const { how } of expressions)
      assert.doesNotMatch(String(how), /last_seen_at|lag|confirmed|secret_hash/)
  })
})
