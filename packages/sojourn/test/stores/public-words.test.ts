import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('whoever writes a store elsewhere finds every word of the contract in the package', () => {
  const read = (path: string): string => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8')
  const values = read('core/store-values.ts') + read('core/store.ts')
  const words = [...values.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, word]) => word ?? '')
  const index = read('index.ts')
  assert.ok(words.length > 25)
  assert.deepEqual(
    [...words, 'Refresh', 'Session', 'Data'].filter((word) => !new RegExp(`\\b${word}\\b`).test(index)),
    [],
  )
})
