import { test } from 'node:test'
import { sqlite } from 'sojourn/stores/sqlite'
import { adminSessionsOn } from './admin-api.ts'
import { deniedLoginsOn } from './denied-logins.ts'
import { plansOn } from './plans.ts'

const open = () => Promise.resolve({ env: {}, store: sqlite(':memory:') })

for (const suite of [adminSessionsOn, plansOn, deniedLoginsOn])
  suite((name, run) => void test(name, run), 'sqlite', open)
