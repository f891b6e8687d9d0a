import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { file } from '../../../src/stores/file.ts'
import { memory } from '../../../src/stores/memory.ts'
import { commands, ids } from '../commands.ts'
import { temporaryFolder } from './temporary.ts'

test('P-06 stores of one folder and memory give the same answers to the same commands, whoever is asked', () => {
  const property = fc.property(
    commands,
    fc.array(fc.nat(2), { minLength: 60, maxLength: 60 }),
    (commands, who) => {
      const folder = temporaryFolder()
      const [model, stores] = [memory(), [file(folder), file(folder), file(folder)]]
      for (const [index, { name, run }] of commands.entries()) {
        const store = stores[who[index % who.length] ?? 0]
        assert.ok(store)
        assert.deepEqual(run(store), run(model), `step ${index}: ${name}`)
      }
      stores.push(file(folder))
      for (const store of stores) {
        for (const id of ids) assert.deepEqual(store.find(id), model.find(id))
        void store.close?.()
      }
    },
  )
  fc.assert(property, { numRuns: 150, seed: 7 })
})
