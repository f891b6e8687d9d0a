import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { startPostgres } from '../../../../test/services/postgres.ts'
import { missing } from '../../../../test/services/programs.ts'
import { startRedis } from '../../../../test/services/redis.ts'
import { openStore } from '../../src/open-store.ts'
import { waysInOn } from './ways-in.ts'

describe(
  'integrations on PostgreSQL, their sessions on Redis',
  { skip: missing('postgres') || missing('redis') },
  () => {
    let database: Awaited<ReturnType<typeof startPostgres>> | undefined
    let redis: Awaited<ReturnType<typeof startRedis>> | undefined
    before(async () => {
      database = await startPostgres()
      redis = await startRedis()
    })
    after(async () => {
      await redis?.stop()
      await database?.stop()
    })

    /** A database of the test's own, and a part of Redis. */
    async function open() {
      const url = new URL(database?.url ?? '')
      const name = `test_${randomUUID().replaceAll('-', '')}`
      const client = new pg.Client(url.href)
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      url.pathname = `/${name}`
      const store = await openStore({ store: `${redis?.url}?tag=${name}`, cache: null })
      return { env: { SOJOURN_DATABASE: url.href }, store }
    }

    waysInOn((name, run) => void test(name, run), 'postgres and redis', open)
  },
)
