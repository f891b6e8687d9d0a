import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'

describe('JAD-18 sqlite in memory keeps the contract', () => {
  storeContract(test, () => sqlite(':memory:'))
})

describe('JAD-18 sqlite in a file keeps the contract, under other names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-sqlite-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  let made = 0
  const tables = { sessions: 'account_active_session_keys', watermarks: 'order', leases: 'table' }
  const columns = {
    id: 'session_id',
    subject: 'account_id',
    lastSeenAt: 'last_use',
    data: 'select',
    ip: 'group',
    rememberedUntil: 'where',
    refreshHash: 'index',
  }
  storeContract(test, () =>
    sqlite(join(folder, `${++made}.db`), { tables, columns, durable: made % 2 === 0 }),
  )
})

describe('sqlite over a connection that was handed in keeps the contract', () => {
  storeContract(test, () => sqlite(new DatabaseSync(':memory:')))
})
