/** A process of its own that logs in 50 times and writes 50 times, beside others that do the same to one file. */
import assert from 'node:assert/strict'
import { sqlite } from '../../../src/stores/sqlite.ts'
import { newSession, start } from '../../../src/testing/fixtures.ts'

const [path = '', name = ''] = process.argv.slice(2)
const store = sqlite(path)
for (let index = 0; index < 50; index++) {
  const id = `${name}-${index}`
  const created = await store.create(newSession({ id }), { limit: { most: 3, onExceed: 'evict' } })
  assert.equal(created.status, 'created')
  const written = await store.write('shared', { set: { [id]: 1 }, add: { count: 1 } }, { at: start })
  assert.equal(written.status, 'written')
}
await store.close?.()
