import { after, before, describe } from 'node:test'
import { createPool } from 'mysql2/promise'
import type { Pool } from 'mysql2/promise'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { testWholeLives } from '../whole-life.ts'
import { emptyMysql } from './open.ts'

describe('a whole life over MariaDB', { skip: missing('mariadb') }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let pool: Pool
  before(async () => {
    server = await startMariadb(['--innodb-flush-log-at-trx-commit=0'])
    // One connection: what goes on behind an answer comes before what is asked next, as in memory.
    pool = createPool({ uri: server.url, connectionLimit: 1 })
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })

  testWholeLives('MariaDB', () => emptyMysql(pool), 0.02)
})
