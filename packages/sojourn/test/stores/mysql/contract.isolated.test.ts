import { after, before, describe, test } from 'node:test'
import { createPool } from 'mysql2/promise'
import type { Pool } from 'mysql2/promise'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { emptyMysql } from './open.ts'

const skip = missing('mariadb')
const columns = {
  id: 'session_id',
  subject: 'account_id',
  lastSeenAt: 'last_use',
  data: 'select',
  ip: 'group',
  rememberedUntil: 'where',
  refreshHash: 'p_id',
}
const tables = { sessions: 'account_active_session_keys', watermarks: 'order', leases: 'table' }

describe('P-06 MariaDB keeps the contract', { skip }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let pool: Pool
  before(async () => {
    server = await startMariadb()
    pool = createPool({ uri: server.url, connectionLimit: 8 })
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })
  storeContract(test, () => emptyMysql(pool))

  describe('under other names, in a pool that reads large numbers as text', () => {
    let other: Pool
    before(() => {
      const numbers = { supportBigNumbers: true, bigNumberStrings: true }
      other = createPool({ uri: server.url, connectionLimit: 8, ...numbers })
    })
    after(() => other.end())
    storeContract(test, () => emptyMysql(other, { tables, columns }))
  })
})
