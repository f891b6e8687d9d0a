import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { introspectionOn } from './introspection.ts'

const open = () => Promise.resolve({ env: {}, store: sqlite(':memory:') })

introspectionOn((name, run) => void test(name, run), 'sqlite', open)
