import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import { startRedis } from '../../../../../test/services/redis.ts'
import type { Command } from '../commands.ts'
import { endsOf } from '../ends-of.ts'
import { commands, ids } from '../commands.ts'
import { memory } from '../../../src/stores/memory.ts'
import { redis } from '../../../src/stores/redis.ts'
import { type Connected, nodeRedis } from './clients.ts'

const { AGREEMENT_RUNS = '300', AGREEMENT_SEED = '7' } = process.env

describe('redis agrees with memory', { skip: missing('redis') }, () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  let connected: Connected
  let made = 0
  before(async () => {
    server = await startRedis()
    connected = await nodeRedis(server.url)
  })
  after(async () => {
    await connected.close()
    await server.stop()
  })

  async function agree(commands: readonly Command[]): Promise<void> {
    const [model, store] = [memory(), redis(connected.client, { tag: `run-${++made}` })]
    const told = await Promise.all([endsOf(model), endsOf(store)])
    for (const [index, { name, run }] of commands.entries())
      assert.deepEqual(await run(store), await run(model), `step ${index}: ${name}`)
    for (const id of ids) assert.deepEqual(await store.find(id), await model.find(id))
    const [its, mine] = await Promise.all(told.map((ends) => ends()))
    assert.deepEqual(mine, its)
  }

  test('P-06 memory and redis give the same answers to the same commands, whatever they are', async () => {
    const property = fc.asyncProperty(commands, agree)
    await fc.assert(property, { numRuns: Number(AGREEMENT_RUNS), seed: Number(AGREEMENT_SEED) })
  })
})
