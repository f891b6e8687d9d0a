import { after, before, describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { RedisCluster } from '../../../../../test/services/redis-cluster.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import { limitsAcrossProcesses } from '../limits-across-processes.ts'

const skip = missing('redis')

describe('limits across processes on Redis', { skip }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let made = 0
  before(async () => {
    server = await startRedis()
  })
  after(() => server.stop())
  limitsAcrossProcesses('Redis', async () => `${server.url}/?tag=limit-${++made}`)
})

describe('limits across processes on a Redis Cluster', { skip }, () => {
  let cluster: RedisCluster
  let made = 0
  before(async () => {
    cluster = await RedisCluster.start()
  })
  after(() => cluster.stop())
  limitsAcrossProcesses('a Redis Cluster', async () => {
    const places = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
    return `redis+cluster://${places.join(',')}/?tag=limit-${++made}`
  })
})
