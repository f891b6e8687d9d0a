import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { signInOn } from './sign-in-on.ts'

signInOn(
  (name, run) => void test(name, run),
  'sqlite',
  () => Promise.resolve({ env: {}, store: sqlite(':memory:') }),
)
