import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { redis } from '../../../src/stores/redis.ts'
import { start } from '../../../src/testing/fixtures.ts'
import { ioRedis, nodeRedis } from './clients.ts'
import { Load, noHalfState } from './load.ts'
import { soon } from './soon.ts'

const openers = { 'node-redis': nodeRedis, ioredis: ioRedis } as const

describe('redis killed under load', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  before(async () => {
    server = await startRedis({ isDurable: true })
  })
  after(() => server.stop())

  for (const [name, open] of Object.entries(openers)) {
    test(`P-09 over ${name}, killed three times under load: nothing acknowledged is lost, nothing half done`, async () => {
      const { client, close } = await open(server.url)
      try {
        const store = redis(client, { tag: name })
        const load = new Load(store)
        const { cursor } = (await store.changes?.(null, 1)) ?? assert.fail()
        load.begin()
        for (let round = 0; round < 3; round++) {
          await load.answered(100)
          await server.kill()
          await server.restart()
        }
        await load.answered(20)
        await load.stop()
        await soon(() => store.find('nobody'))
        assert.ok(load.failures > 0, 'it was killed while it was asked')
        assert.deepEqual(await load.lost(), [])
        await noHalfState(store)
        assert.equal((await store.changes?.(cursor, 1))?.gap, true, 'the feed cannot vouch for another life')
        await store.end({ realm: 'main' }, { at: start, reason: 'maintenance' })
      } finally {
        await close()
      }
    })
  }
})
