import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { redis } from '../../../src/stores/redis.ts'
import { nodeRedis } from './clients.ts'
import { soon } from './soon.ts'

describe('a store in Redis that is closed', { skip: missing('redis') }, () => {
  test('P-19 a watch that is closed while the server is down looks for it no more', async () => {
    const server = await startRedis()
    const { client, close } = await nodeRedis(server.url)
    const made: { readonly isOpen: boolean; destroy(): void }[] = []
    const duplicate = client.duplicate.bind(client)
    const noted = (): object => {
      const other = duplicate() as (typeof made)[number]
      made.push(other)
      return other
    }
    Object.assign(client, { duplicate: noted })
    try {
      const store = redis(client)
      await store.find('a')
      await server.kill()
      await soon(() => assert.ok(!client.isReady))
      store.watch?.(() => undefined)
      await soon(() => assert.deepEqual([made.length, made[0]?.isOpen], [1, true]))
      await store.close?.()
      assert.equal(made[0]?.isOpen, false)
    } finally {
      for (const other of made) other.destroy()
      await close()
      await server.stop()
    }
  })
})
