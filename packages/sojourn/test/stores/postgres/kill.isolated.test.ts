import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { Load, noHalfState } from '../redis/load.ts'
import { soon } from '../redis/soon.ts'
import { type Connect, pgPool, postgresClient } from './clients.ts'
import { serving } from './serving.ts'

const clients: { readonly [name: string]: Connect } = { pg: pgPool, 'postgres.js': postgresClient }

describe('postgres killed under load', { skip: missing('postgres') }, () => {
  const held = serving()

  for (const [name, connect] of Object.entries(clients)) {
    test(`P-09 over ${name}, killed three times under load: nothing acknowledged is lost, nothing half done`, async () => {
      const { client, close } = connect(held.server.url)
      try {
        const store = postgres(client, { schema: name === 'pg' ? 'a' : 'b' })
        const { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
        const load = new Load(store)
        load.begin()
        for (let round = 0; round < 3; round++) {
          await load.answered(100)
          await held.server.kill()
          await soon(() => held.server.restart())
        }
        await load.answered(20)
        await load.stop()
        await soon(() => store.find('nobody'))
        assert.ok(load.failures > 0, 'it was killed while it was asked')
        assert.deepEqual(await load.lost(), [])
        await noHalfState(store)
        const told = await toldOf(store, cursor)
        const untold = [...load.ended].filter((id) => load.created.has(id) && !told.has(id))
        assert.deepEqual(untold, [], 'the feed tells of every logout')
      } finally {
        await close()
      }
    })
  }
})

/** The ids of all ends that the feed tells of after a cursor. */
async function toldOf(store: Store, cursor: string): Promise<ReadonlySet<string>> {
  const told = new Set<string>()
  for (let after = cursor; ;) {
    const page = (await store.changes?.(after, 1000)) ?? assert.fail()
    assert.equal(page.gap, false)
    for (const change of page.changes) if (change.kind === 'ended') told.add(change.id)
    if (page.changes.length < 1000) return told
    after = page.cursor
  }
}
