import { test } from 'node:test'
import { webhooksOn } from './webhooks-on.ts'

webhooksOn(
  (name, run) => void test(name, run),
  'sqlite and memory',
  () => Promise.resolve({ env: {} }),
)
