import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { mutants } from '../scripts/mutants/index.ts'
import { type Mutant, plant } from '../scripts/mutants/mutant.ts'

const root = join(import.meta.dirname, '..')

describe('the faults of `npm run mutants` can be planted', () => {
  test('there are at least twenty, each with a name of its own', () => {
    const names = mutants.map(({ name }) => name)
    assert.ok(names.length >= 20)
    assert.deepEqual([...new Set(names)], names)
  })

  for (const mutant of mutants)
    test(mutant.name, () => {
      const text = readFileSync(join(root, mutant.file), 'utf8')
      assert.notEqual(plant(text, mutant), text)
      for (const path of mutant.tests) assert.ok(existsSync(join(root, path)), `there is no ${path}`)
    })
})

describe('planting', () => {
  const mutant: Mutant = { name: 'm', file: 'f', find: 'a < b', replace: 'a <= b', why: '', tests: ['t'] }

  test('changes the one place', () => {
    assert.equal(plant('if (a < b) c()', mutant), 'if (a <= b) c()')
  })

  test('refuses what is not there, or there twice, or no change', () => {
    assert.throws(() => plant('if (a > b) c()', mutant), /m: f does not hold "a < b"/)
    assert.throws(() => plant('a < b || a < b', mutant), /m: f holds "a < b" twice/)
    assert.throws(() => plant('a < b', { ...mutant, replace: 'a < b' }), /nothing is changed/)
  })
})
