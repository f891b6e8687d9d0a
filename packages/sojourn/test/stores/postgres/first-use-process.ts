/** A process of its own that uses a store for the first time, beside others that do the same. */
import assert from 'node:assert/strict'
import { newSession } from '../../../src/testing/fixtures.ts'
import { storeAt } from '../store-at.ts'

const [url = '', id = ''] = process.argv.slice(2)
const store = await storeAt(url)
assert.equal((await store.create(newSession({ id }))).status, 'created')
await store.close()
