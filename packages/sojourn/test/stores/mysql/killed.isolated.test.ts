import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createPool } from 'mysql2/promise'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import { start } from '../../../src/testing/fixtures.ts'
import { Load, noHalfState } from '../redis/load.ts'

describe('MariaDB killed under load', { skip: missing('mariadb') }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  before(async () => {
    server = await startMariadb()
  })
  after(() => server.stop())

  test('P-09 killed three times under load: nothing acknowledged is lost, nothing half done, and it answers again', async () => {
    const pool = createPool({ uri: server.url, connectionLimit: 8 })
    try {
      const store = mysql(pool)
      const { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
      const load = new Load(store)
      load.begin()
      for (let round = 0; round < 3; round++) {
        await load.answered(100)
        await server.kill()
        await server.restart()
      }
      await load.answered(20)
      await load.stop()
      assert.ok(load.failures > 0, 'it was killed while it was asked')
      assert.deepEqual(await load.lost(), [])
      await noHalfState(store)
      assert.deepEqual(await untold(store, cursor), [])
      await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
    } finally {
      await pool.end()
    }
  })
})

/** What has ended and is not in the feed since the cursor, and what is in it and has not ended. */
async function untold(store: ReturnType<typeof mysql>, from: string): Promise<readonly string[]> {
  const told = new Set<string>()
  for (let cursor = from; ;) {
    const page = (await store.changes?.(cursor, 1000)) ?? assert.fail()
    assert.equal(page.gap, false)
    for (const change of page.changes) if (change.kind === 'ended') told.add(change.id)
    cursor = page.cursor
    if (page.changes.length < 1000) break
  }
  const ended = new Set<string>()
  for (const realm of ['main', 'app']) {
    for (let cursor: string | null = null, more = true; more;) {
      const next: { cursor?: string } = cursor === null ? {} : { cursor }
      const page = await store.list({ realm, at: start, state: 'ended', limit: 1000, ...next })
      for (const { id } of page.items) ended.add(id)
      cursor = page.cursor
      more = cursor !== null
    }
  }
  const [missed, invented] = [
    [...ended].filter((id) => !told.has(id)),
    [...told].filter((id) => !ended.has(id)),
  ]
  return [...missed, ...invented]
}
