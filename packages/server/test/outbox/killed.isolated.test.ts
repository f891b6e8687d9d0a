import { after, before, describe, test } from 'node:test'
import { join } from 'node:path'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { aPostgres } from '../a-postgres.ts'
import { killedOn } from './killed-on.ts'

killedOn(
  (name, run) => void test(name, run),
  'sqlite',
  (folder) => Promise.resolve({ SOJOURN_STORE: `sqlite:${join(folder, 'sessions.db')}` }),
)

describe('killed on servers', { skip: missing('postgres') || missing('redis') }, () => {
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
  const run = (name: string, body: Parameters<Parameters<typeof killedOn>[0]>[1]): void =>
    void test(name, body)
  const database = () => postgres?.open() ?? Promise.reject(new Error('not started'))

  killedOn(run, 'PostgreSQL', async () => {
    const url = await database()
    return { SOJOURN_DATABASE: url, SOJOURN_STORE: url }
  })
  killedOn(run, 'PostgreSQL and Redis', async () => ({
    SOJOURN_DATABASE: await database(),
    SOJOURN_STORE: `${redis?.url}/${stores++}`,
  }))
})
