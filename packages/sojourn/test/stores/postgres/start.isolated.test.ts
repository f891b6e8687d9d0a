import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startPostgres } from '../../../../../test/services/postgres.ts'
import { missing } from '../../../../../test/services/programs.ts'
import { storeAt } from '../store-at.ts'

const run = promisify(execFile)

describe('a migration of many at once', { skip: missing('postgres') }, () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.stop())

  test('three processes that start at once on an empty database all find their tables', async () => {
    const script = fileURLToPath(new URL('first-use-process.ts', import.meta.url))
    const url = `${server.url}?schema=fresh`
    await Promise.all(['p', 'q', 'r'].map((name) => run(process.execPath, [script, url, name])))
    const store = await storeAt(url)
    try {
      const found = await Promise.all(
        ['p', 'q', 'r'].map(async (name) => (await store.find(name))?.session.id),
      )
      assert.deepEqual(found, ['p', 'q', 'r'])
    } finally {
      await store.close()
    }
  })
})
