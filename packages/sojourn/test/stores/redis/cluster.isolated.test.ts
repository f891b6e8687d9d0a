import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { RedisCluster } from '../../../../../test/services/redis-cluster.ts'
import { redis } from '../../../src/stores/redis.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { type Connected, ioCluster, nodeCluster } from './clients.ts'

const openers = { 'node-redis': nodeCluster, ioredis: ioCluster } as const

describe('P-06 redis on a cluster keeps the contract, unchanged', { skip: missing('redis') }, () => {
  let cluster: RedisCluster
  before(async () => {
    cluster = await RedisCluster.start()
  })
  after(() => cluster.stop())

  for (const [name, open] of Object.entries(openers)) {
    describe(`over ${name}`, () => {
      let connected: Connected
      let made = 0
      before(async () => {
        connected = await open(cluster.urls)
      })
      after(() => connected.close())
      // Each tag has its own slot, so that all masters have stores.
      storeContract(test, () => redis(connected.client, { tag: `${name}-${++made}` }))
    })
  }
})
