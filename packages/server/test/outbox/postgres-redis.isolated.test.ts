import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { openPostgres } from '../../src/stores/open-postgres.ts'
import { openRedis } from '../../src/stores/open-redis.ts'
import { readStorePlace } from '../../src/stores/store-place.ts'
import { aPostgres } from '../a-postgres.ts'
import { outboxOn } from './outbox-on.ts'

describe('the outbox on PostgreSQL', { skip: missing('postgres') || missing('redis') }, () => {
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
  const run = (name: string, body: Parameters<Parameters<typeof outboxOn>[0]>[1]): void =>
    void test(name, body)
  const database = () => postgres?.open() ?? Promise.reject(new Error('not started'))

  outboxOn(run, 'PostgreSQL and Redis', async () => {
    const place = readStorePlace(`${redis?.url}/${stores++}`, 'SOJOURN_STORE')
    if (place.kind !== 'redis') throw new Error('no place in Redis')
    return { database: await database(), store: await openRedis(place) }
  })
  outboxOn(run, 'PostgreSQL twice', async () => {
    const url = await database()
    return { database: url, store: openPostgres({ kind: 'postgres', url, schema: undefined, prepare: true }) }
  })
})
