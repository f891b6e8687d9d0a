import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RowDataPacket } from 'mysql2/promise'
import { missing } from '../../../../../test/services/programs.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import { hour, minute, newSession, start } from '../../../src/testing/fixtures.ts'
import { atOnce, createAll, standing } from '../../../src/testing/store-contract/law.ts'
import { emptyMysql } from './open.ts'
import { useMariadb } from './use-mariadb.ts'

const limit = { most: 2, onExceed: 'evict' } as const

describe('MariaDB in trouble', { skip: missing('mariadb') }, () => {
  const service = useMariadb({ connectionLimit: 16 })

  test('steps that wait for each other crosswise are tried anew: nobody hears of it, and nothing is done twice', async () => {
    const store = await emptyMysql(service.pool)
    const ids = Array.from({ length: 12 }, (_, index) => `tree-${index}`)
    await createAll(
      store,
      ids.map((id, index) =>
        newSession({
          id,
          subject: `u-${index % 3}`,
          parent: ids[index - 1] ?? null,
          family: `f-${index % 2}`,
        }),
      ),
    )
    const results = await atOnce(240, async (index) => {
      const id = ids[(index * 7) % ids.length] ?? ''
      const other = ids[(index * 5) % ids.length] ?? ''
      const at = start + index
      switch (index % 6) {
        case 0:
          await store.touch([
            { id, at, lag: 0 },
            { id: other, at, lag: 0, confirm: 'x' },
          ])
          return 0
        case 1:
          return (await store.write(id, { add: { n: 1 } }, { at: start })).status === 'written' ? 1 : 0
        case 2:
          await store.create(newSession({ id: `new-${index}`, subject: `u-${index % 3}`, createdAt: at }), {
            limit,
            replaces: { id: other, reason: 'replaced_at_login' },
          })
          return 0
        case 3:
          await store.sweep(start + index, { limit: 5, purgeBefore: 0 })
          return 0
        case 4:
          await store.end(
            { realm: 'main', family: `f-${index % 2}`, except: id },
            { at, reason: 'user_revoked' },
          )
          return 0
        default:
          await store.voidBefore({ realm: 'main', subject: `v-${index % 4}` }, { at, reason: 'maintenance' })
          return 0
      }
    })
    const counts = await Promise.all(
      ids.map(async (id) => Number((await standing(store, id)).data['n'] ?? 0)),
    )
    const written = results.reduce<number>((sum, result) => sum + result, 0)
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      written,
    )
  })

  test('an id that no text holds spoils no batch of touches', async () => {
    const store = await emptyMysql(service.pool)
    await createAll(store, [newSession({ id: 'a' })])
    await store.touch([
      { id: '\ud800', at: start + 1, lag: 0 },
      { id: 'a', at: start + 1, lag: 0 },
    ])
    assert.equal((await store.find('a'))?.session.lastSeenAt, start + 1)
  })

  test('a deadlock is met in truth, and answered', async () => {
    const store = await emptyMysql(service.pool)
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
    const before = await counted('Innodb_deadlocks')
    const other = await service.pool.getConnection()
    try {
      // It holds b and wants a; the touch holds a and wants b. The server undoes the smaller, which is the touch.
      await other.query('START TRANSACTION')
      await other.query(
        "INSERT INTO sojourn_leases SELECT CONCAT('weight-', slot), '', 0 FROM sojourn_sessions_locks",
      )
      await other.query("UPDATE sojourn_sessions SET policy = 'x' WHERE id = 'b'")
      const touched = store.touch(['a', 'b'].map((id) => ({ id, at: start + 1, lag: 0 })))
      await waiting(1)
      await other.query("UPDATE sojourn_sessions SET policy = 'x' WHERE id = 'a'")
      await other.query('COMMIT')
      await touched
    } finally {
      other.release()
    }
    for (const id of ['a', 'b']) assert.equal((await standing(store, id)).session.lastSeenAt, start + 1)
    assert.equal(await counted('Innodb_deadlocks'), before + 1)
  })

  test('P-19 the feed of many writers at once has each end once, for whoever reads meanwhile', async () => {
    const store = await emptyMysql(service.pool)
    const ids = Array.from({ length: 200 }, (_, index) => `fed-${index}`)
    await createAll(
      store,
      ids.map((id, index) => newSession({ id, subject: `u-${index}` })),
    )
    let { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
    const told: string[] = []
    const read = async (): Promise<void> => {
      const page = (await store.changes?.(cursor, 7)) ?? assert.fail()
      assert.equal(page.gap, false)
      told.push(...page.changes.flatMap((change) => (change.kind === 'ended' ? [change.id] : [])))
      cursor = page.cursor
    }
    let over = false
    const reader = (async () => {
      while (!over) await read()
    })()
    await atOnce(ids.length, (index) =>
      store.end({ realm: 'main', id: ids[index] ?? '' }, { at: start, reason: 'user_logout' }),
    )
    over = true
    await reader
    for (let index = 0; index < 40; index++) await read()
    assert.deepEqual(told.toSorted(), ids.toSorted())
  })

  test('the feed is cut at its beginning, five minutes after a sweep came by, and a cursor from there is a gap', async () => {
    const store = await emptyMysql(service.pool)
    await createAll(store, [newSession({ id: 'a' }), newSession({ id: 'b' })])
    const { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
    const end = { at: start, reason: 'user_logout' } as const
    const sweep = async (at: number): Promise<void> =>
      void (await store.sweep(at, { limit: 10, purgeBefore: 0 }))
    await store.end({ realm: 'main', id: 'a' }, end)
    await sweep(start)
    await store.end({ realm: 'main', id: 'b' }, end)
    await sweep(start + 5 * minute - 1)
    assert.equal((await store.changes?.(cursor, 10))?.changes.length, 2)
    await sweep(start + 5 * minute)
    assert.equal((await store.changes?.(cursor, 10))?.gap, true)
    await sweep(start + hour)
    const now = (await store.changes?.(null, 10)) ?? assert.fail()
    await sweep(start + 2 * hour)
    assert.equal((await store.changes?.(now.cursor, 10))?.gap, false, 'what is at rest stays')
  })

  test('P-23 a server that is down is store_unavailable, with its cause, and answers again afterwards', async () => {
    const store = mysql(service.pool)
    await createAll(store, [newSession({ id: 'kept' })])
    await service.server.kill()
    const failure = { name: 'SessionError', code: 'store_unavailable', status: 503 }
    await assert.rejects(async () => await store.find('kept'), failure)
    await assert.rejects(async () => await store.create(newSession()), failure)
    await assert.rejects(async () => await mysql(service.pool).find('kept'), failure)
    await service.server.restart()
    assert.equal((await standing(store, 'kept')).session.id, 'kept')
  })

  async function counted(variable: string): Promise<number> {
    const [rows] = await service.pool.query<RowDataPacket[]>('SHOW GLOBAL STATUS LIKE ?', [variable])
    return Number(rows[0]?.['Value'])
  }

  /** Until so many transactions wait for a lock. */
  async function waiting(count: number): Promise<void> {
    const until = performance.now() + 10_000
    while ((await counted('Innodb_row_lock_current_waits')) < count) {
      assert.ok(performance.now() < until, 'nobody waits')
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
})
