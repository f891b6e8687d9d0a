import { test } from 'node:test'
import { openDatabase } from '../../src/database/open-database.ts'
import { apiKeysIn } from './api-keys.ts'

apiKeysIn(
  (name, run) => void test(name, run),
  'sqlite',
  async (t) => {
    const database = await openDatabase('sqlite::memory:')
    t.after(() => database.destroy())
    return database
  },
)
