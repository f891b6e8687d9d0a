import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { redis } from '../../../src/stores/redis.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { type Connected, ioRedis, nodeRedis } from './clients.ts'

const skip = missing('redis')
const openers = { 'node-redis': nodeRedis, ioredis: ioRedis } as const

for (const [name, open] of Object.entries(openers)) {
  describe(`P-06 redis over ${name} keeps the contract`, { skip }, () => {
    let server: Awaited<ReturnType<typeof startRedis>>
    let connected: Connected
    let made = 0
    before(async () => {
      server = await startRedis()
      connected = await open(server.url)
    })
    after(async () => {
      await connected.close()
      await server.stop()
    })
    storeContract(test, () => redis(connected.client, { tag: `store-${++made}` }))
  })
}
