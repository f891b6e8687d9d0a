import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { placesOn } from './places-on.ts'

placesOn(
  (name, run) => void test(name, run),
  'sqlite',
  () => Promise.resolve({ env: {}, store: sqlite(':memory:') }),
)
