import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import type { Store } from '../../../src/core/store.ts'
import { memory } from '../../../src/stores/memory.ts'
import { type Command, commands, ids } from '../commands.ts'
import { endsOf } from '../ends-of.ts'
import { pgPool } from './clients.ts'
import { empty, inFreshSchema } from './schemas.ts'

const { AGREEMENT_RUNS = '300', AGREEMENT_SEED = '7' } = process.env

describe('postgres agrees with memory', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  let pool: pg.Pool
  let schema: string
  let store: Store
  before(async () => {
    server = await startPostgres()
    pool = pgPool(server.url).client
    ;({ schema, store } = inFreshSchema(pool))
    await store.find('nobody')
  })
  after(async () => {
    await pool.end()
    await server.stop()
  })

  async function agree(commands: readonly Command[]): Promise<void> {
    const model = memory()
    await empty(pool, schema)
    const told = await Promise.all([endsOf(model), endsOf(store)])
    for (const [index, { name, run }] of commands.entries())
      assert.deepEqual(await run(store), await run(model), `step ${index}: ${name}`)
    for (const id of ids) assert.deepEqual(await store.find(id), await model.find(id))
    const [its, mine] = await Promise.all(told.map((ends) => ends()))
    assert.deepEqual(mine, its)
  }

  test('P-06 memory and postgres give the same answers to the same commands, whatever they are', async () => {
    const property = fc.asyncProperty(commands, agree)
    await fc.assert(property, { numRuns: Number(AGREEMENT_RUNS), seed: Number(AGREEMENT_SEED) })
  })
})
