import { after, before, describe } from 'node:test'
import type pg from 'pg'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { postgres } from '../../../src/stores/postgres.ts'
import { testWholeLives } from '../whole-life.ts'
import { pgPool } from './clients.ts'
import { empty } from './schemas.ts'

describe('a whole life over PostgreSQL', { skip: missing('postgres') }, () => {
  const schema = 'life'
  let server: Awaited<ReturnType<typeof startPostgres>>
  let pool: pg.Pool
  before(async () => {
    server = await startPostgres()
    // One connection: what goes on behind an answer comes before what is asked next, as in memory.
    pool = pgPool(server.url, 1).client
    await postgres(pool, { schema }).find('nobody')
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })

  testWholeLives(
    'postgres',
    async () => {
      await empty(pool, schema)
      return postgres(pool, { schema })
    },
    0.02,
  )
})
