import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { memory } from '../../src/stores/memory.ts'
import { sqlite } from '../../src/stores/sqlite.ts'
import { commands, ids } from './commands.ts'

test('P-06 memory and sqlite give the same answers to the same commands, whatever they are', () => {
  const property = fc.property(commands, (commands) => {
    const [model, store] = [memory(), sqlite(':memory:')]
    for (const [index, { name, run }] of commands.entries()) {
      assert.deepEqual(run(store), run(model), `step ${index}: ${name}`)
    }
    for (const id of ids) assert.deepEqual(store.find(id), model.find(id))
    void store.close?.()
  })
  fc.assert(property, { numRuns: 400, seed: 7 })
})
