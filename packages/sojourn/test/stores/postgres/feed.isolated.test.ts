import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Change, Store } from '../../../src/core/store.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { minute, newSessions, start } from '../../../src/testing/fixtures.ts'
import { createAll } from '../../../src/testing/store-contract/law.ts'
import { pgPool } from './clients.ts'
import { inFreshSchema } from './schemas.ts'
import { serving } from './serving.ts'

const end = { at: start, reason: 'user_logout' } as const

/** Goes on from a cursor, page by page. */
function reader(store: Store, limit: number) {
  let cursor: string | null = null
  return async (): Promise<readonly string[]> => {
    const page = await store.changes?.(cursor, limit)
    assert.ok(page?.gap === false)
    cursor = page.cursor
    return page.changes.map((change: Change) => (change.kind === 'watermark' ? 'watermark' : change.id))
  }
}

describe('the feed of postgres', { skip: missing('postgres') }, () => {
  const held = serving()

  test('P-19 a step that was numbered first and committed last is told once it is there, and nobody misses it', async () => {
    const { store, schema } = inFreshSchema(held.pool)
    await createAll(
      store,
      newSessions(4, (n) => ({ id: `s-${n}` })),
    )
    const next = reader(store, 10)
    await next()
    const slow = await held.pool.connect()
    try {
      await slow.query('BEGIN')
      const inside = postgres(
        { connect: () => held.pool.connect(), query: (query) => slow.query(query) },
        { schema },
      )
      await inside.end({ realm: 'main', id: 's-0' }, end)
      await store.end({ realm: 'main', id: 's-1' }, end)
      // Neither is it seen before it is committed, nor does it hold up what was committed before.
      assert.deepEqual(await next(), ['s-1'])
      await store.end({ realm: 'main', id: 's-2' }, end)
      await slow.query('COMMIT')
      await store.end({ realm: 'main', id: 's-3' }, end)
      assert.deepEqual((await next()).toSorted(), ['s-0', 's-2', 's-3'])
      assert.deepEqual(await next(), [])
    } finally {
      slow.release()
    }
  })

  test('P-19 a page that ends in the middle of what came goes on there, whatever is committed meanwhile', async () => {
    const { store, schema } = inFreshSchema(held.pool)
    await createAll(
      store,
      newSessions(9, (n) => ({ id: `s-${n}` })),
    )
    const next = reader(store, 2)
    await next()
    const slow = await held.pool.connect()
    try {
      await slow.query('BEGIN')
      const inside = postgres(
        { connect: () => held.pool.connect(), query: (query) => slow.query(query) },
        { schema },
      )
      await inside.end({ realm: 'main', id: 's-0' }, end)
      for (let n = 1; n < 6; n++) await store.end({ realm: 'main', id: `s-${n}` }, end)
      const told = [...(await next())]
      await slow.query('COMMIT')
      for (let n = 6; n < 9; n++) await store.end({ realm: 'main', id: `s-${n}` }, end)
      for (;;) {
        const page = await next()
        told.push(...page)
        if (page.length < 2) break
      }
      assert.deepEqual(
        told.toSorted(),
        Array.from({ length: 9 }, (_, n) => `s-${n}`),
      )
    } finally {
      slow.release()
    }
  })

  test('P-19 many writers and a reader that never stops: each end is told once', async () => {
    const { store } = inFreshSchema(held.pool)
    const entries = newSessions(200, (n) => ({ id: `s-${n}` }))
    await createAll(store, entries)
    const next = reader(store, 7)
    await next()
    const told: string[] = []
    let isOver = false
    const reading = (async () => {
      for (;;) {
        const wasOver = isOver
        const page = await next()
        told.push(...page)
        if (wasOver && page.length < 7) return
      }
    })()
    await Promise.all(entries.map(async ({ session: { id } }) => await store.end({ realm: 'main', id }, end)))
    isOver = true
    await reading
    assert.deepEqual(told.toSorted(), entries.map(({ session: { id } }) => id).toSorted())
  })

  test('P-19 sweeps remove what is old, in batches, and a cursor from before is a gap', async () => {
    const { store, schema } = inFreshSchema(held.pool)
    await createAll(
      store,
      newSessions(3, (n) => ({ id: `s-${n}`, idleTimeout: null, expiresAt: null })),
    )
    const from = await store.changes?.(null, 10)
    await store.end({ realm: 'main', id: 's-0' }, end)
    const sweep = { limit: 10, purgeBefore: 0 } as const
    await store.sweep(start, sweep)
    await store.end({ realm: 'main', id: 's-1' }, end)
    await store.sweep(start + 5 * minute - 1, sweep)
    assert.equal((await store.changes?.(from?.cursor ?? null, 10))?.changes.length, 2)
    await store.sweep(start + 5 * minute, sweep)
    const late = await store.changes?.(from?.cursor ?? null, 10)
    assert.deepEqual([late?.changes.length, late?.gap], [0, true])
    const { rows } = await held.pool.query(
      `SELECT change FROM "${schema}".sojourn_changes WHERE seq > 0 AND change IS NOT NULL`,
    )
    assert.equal(rows.length, 1)
  })

  for (const max of [1, 10]) {
    test(`P-19 a pool of ${max} hears of what others wrote`, async () => {
      const { store, schema } = inFreshSchema(held.pool)
      await createAll(
        store,
        newSessions(1, () => ({ id: 'a' })),
      )
      const { client, close } = pgPool(held.server.url, max)
      const watching = postgres(client, { schema })
      try {
        const next = reader(watching, 10)
        await next()
        const heard = Promise.withResolvers<void>()
        const stop = watching.watch?.(() => {
          void next().then((told) => told.includes('a') && heard.resolve(), heard.reject)
        })
        await store.end({ realm: 'main', id: 'a' }, end)
        await heard.promise
        stop?.()
      } finally {
        await watching.close?.()
        await close()
      }
    })
  }
})
