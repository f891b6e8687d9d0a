import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { waysInOn } from './ways-in.ts'

waysInOn(
  (name, run) => void test(name, run),
  'sqlite',
  () => Promise.resolve({ env: {}, store: sqlite(':memory:') }),
)
