import { after, before, describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { redis } from '../../../src/stores/redis.ts'
import { testWholeLives } from '../whole-life.ts'
import { type Connected, nodeRedis } from './clients.ts'

describe('a whole life over Redis', { skip: missing('redis') }, () => {
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

  testWholeLives('redis', () => redis(connected.client, { tag: `life-${++made}` }))
})
