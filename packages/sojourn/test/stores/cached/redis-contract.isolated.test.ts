import { after, before, describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { redis } from '../../../src/stores/redis.ts'
import { type Connected, nodeRedis } from '../redis/clients.ts'
import { contractAround } from './around-stores.ts'

describe(
  'P-19 P-23 a cached, resilient, observed redis keeps the contract',
  { skip: missing('redis') },
  () => {
    let server: Awaited<ReturnType<typeof startRedis>>
    let connected: Connected
    let made = 0
    before(async () => {
      server = await startRedis()
      connected = await nodeRedis(server.url)
    })
    after(async () => {
      await connected.close()
      await server.stop()
    })
    contractAround(() => redis(connected.client, { tag: `store-${++made}` }))
  },
)
