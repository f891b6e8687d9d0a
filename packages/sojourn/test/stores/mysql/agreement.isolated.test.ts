import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { createPool } from 'mysql2/promise'
import type { Pool } from 'mysql2/promise'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { memory } from '../../../src/stores/memory.ts'
import { commands, ids } from '../commands.ts'
import { endsOf } from '../ends-of.ts'
import type { Command } from '../commands.ts'
import { emptyMysql } from './open.ts'

const { AGREEMENT_RUNS = '200', AGREEMENT_SEED = '7' } = process.env

describe('MariaDB agrees with memory', { skip: missing('mariadb') }, () => {
  let server: Awaited<ReturnType<typeof startMariadb>>
  let pool: Pool
  before(async () => {
    server = await startMariadb(['--innodb-flush-log-at-trx-commit=0'])
    pool = createPool({ uri: server.url, connectionLimit: 2 })
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })

  async function agree(commands: readonly Command[]): Promise<void> {
    const [model, store] = [memory(), await emptyMysql(pool)]
    const told = await Promise.all([endsOf(model), endsOf(store)])
    for (const [index, { name, run }] of commands.entries())
      assert.deepEqual(await run(store), await run(model), `step ${index}: ${name}`)
    for (const id of ids) assert.deepEqual(await store.find(id), await model.find(id))
    const [its, mine] = await Promise.all(told.map((ends) => ends()))
    assert.deepEqual(mine, its)
  }

  test('P-06 memory and MariaDB give the same answers to the same commands, whatever they are', async () => {
    const property = fc.asyncProperty(commands, agree)
    await fc.assert(property, { numRuns: Number(AGREEMENT_RUNS), seed: Number(AGREEMENT_SEED) })
  })
})
