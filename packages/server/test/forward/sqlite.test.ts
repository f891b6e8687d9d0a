import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { forwardAuthOn } from './forward-auth.ts'

const open = () => Promise.resolve({ env: {}, store: sqlite(':memory:') })

forwardAuthOn((name, run) => void test(name, run), 'sqlite', open)
