import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { soon } from '../redis/soon.ts'
import { storeAt } from '../store-at.ts'
import { pgPool } from './clients.ts'

const run = promisify(execFile)

describe('a migration of many at once', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.stop())

  test('three processes that start at once on an empty database all find their tables', async () => {
    const script = fileURLToPath(new URL('first-use-process.ts', import.meta.url))
    const url = `${server.url}?schema=fresh`
    await Promise.all(['p', 'q', 'r'].map((name) => run(process.execPath, [script, url, name])))
    const store = await storeAt(url)
    try {
      const found = await Promise.all(
        ['p', 'q', 'r'].map(async (name) => (await store.find(name))?.session.id),
      )
      assert.deepEqual(found, ['p', 'q', 'r'])
    } finally {
      await store.close()
    }
  })

  test('a node that stands still in it keeps the others waiting for no longer than their deadline', async () => {
    const holder = pgPool(server.url, 1)
    const { client, close } = pgPool(server.url, 3)
    const key = `hashtextextended('sojourn layout ' || current_database() || '"held"', 0)`
    try {
      await holder.client.query(`SELECT pg_advisory_lock(${key})`)
      const store = postgres(client, { schema: 'held', deadline: 200 })
      await assert.rejects(async () => store.find('a'), { code: 'store_unavailable' })
      await holder.client.query(`SELECT pg_advisory_unlock(${key})`)
      await soon(async () => assert.equal(await store.find('a'), undefined))
    } finally {
      await holder.close()
      await close()
    }
  })
})
