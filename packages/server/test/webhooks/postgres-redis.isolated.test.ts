import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { openRedis } from '../../src/stores/open-redis.ts'
import { readStorePlace } from '../../src/stores/store-place.ts'
import { aPostgres } from '../a-postgres.ts'
import { webhooksOn } from './webhooks-on.ts'

describe('webhooks on PostgreSQL and Redis', { skip: missing('postgres') || missing('redis') }, () => {
  let postgres: Awaited<ReturnType<typeof aPostgres>> | undefined
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined
  let stores = 0
  before(async () => {
    postgres = await aPostgres()
    redis = await startRedis()
  })
  after(async () => {
    await postgres?.stop()
    await redis?.stop()
  })

  webhooksOn(
    (name, run) => void test(name, run),
    'PostgreSQL and Redis',
    async () => {
      if (postgres === undefined || redis === undefined) throw new Error('not started')
      const place = readStorePlace(`${redis.url}/${stores++}`, 'SOJOURN_STORE')
      if (place.kind !== 'redis') throw new Error('no place in Redis')
      return { env: { SOJOURN_DATABASE: await postgres.open() }, store: await openRedis(place) }
    },
  )
})
