import { after, before, describe, test } from 'node:test'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { randomUUID } from 'node:crypto'
import { aPostgres } from '../a-postgres.ts'
import { openDatabase } from '../../src/database/open-database.ts'
import { openStore } from '../../src/open-store.ts'
import { apiKeysIn } from '../keys/api-keys.ts'
import { introspectionOn } from '../keys/introspection.ts'
import { forwardAuthOn } from './forward-auth.ts'

const skip = missing('postgres') || missing('redis')

describe('accounts and keys in PostgreSQL, sessions in Redis', { skip }, () => {
  let postgres: Awaited<ReturnType<typeof aPostgres>> | undefined
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined
  before(async () => {
    postgres = await aPostgres()
    redis = await startRedis()
  })
  after(async () => {
    await redis?.stop()
    await postgres?.stop()
  })

  const newDatabase = async () => (await postgres?.open()) ?? ''
  const open = async () => ({
    env: { SOJOURN_DATABASE: await newDatabase() },
    store: await openStore({ store: `${redis?.url}?tag=${randomUUID().slice(0, 8)}`, cache: null }),
  })

  forwardAuthOn((name, run) => void test(name, run), 'postgres and redis', open)
  introspectionOn((name, run) => void test(name, run), 'postgres and redis', open)
  apiKeysIn(
    (name, run) => void test(name, run),
    'postgres',
    async (t) => {
      const database = await openDatabase(await newDatabase())
      t.after(() => database.destroy())
      return database
    },
  )
})
