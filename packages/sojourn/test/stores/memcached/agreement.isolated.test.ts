import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { missing } from '../../../../../test/services/programs.ts'
import { memory } from '../../../src/stores/memory.ts'
import { type Command, commands, ids } from '../commands.ts'
import { inTurn, openServer } from './server.ts'

const { AGREEMENT_RUNS = '150', AGREEMENT_SEED = '7' } = process.env

describe('memcached agrees with memory', { skip: missing('memcached') }, () => {
  const server = openServer(before, after)
  let made = 0

  async function agree(commands: readonly Command[]): Promise<void> {
    const [model, store] = [memory(), inTurn(server.nodes({ prefix: `${++made}:` }))]
    for (const [index, { name, run }] of commands.entries())
      assert.deepEqual(await run(store), await run(model), `step ${index}: ${name}`)
    for (const id of ids) assert.deepEqual(await store.find(id), await model.find(id))
  }

  test('P-06 memory and memcached give the same answers to the same commands, whatever they are', async () => {
    const property = fc.asyncProperty(commands, agree)
    await fc.assert(property, { numRuns: Number(AGREEMENT_RUNS), seed: Number(AGREEMENT_SEED) })
  })
})
