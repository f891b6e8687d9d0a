import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { aCommandLine } from './command-line.ts'
import { overAStore } from './over-a-store.ts'

overAStore({ name: 'a folder', open: () => Promise.resolve('file:sessions') })

test('a folder that is not there is not made on the way', async (t) => {
  const line = await aCommandLine(t)
  await writeFile(join(line.folder, 'sojourn.config.ts'), `export default { store: 'file:nowhere' }`)
  const { code, err } = await line.run(['sessions', 'list'])
  assert.equal(code, 1)
  assert.match(err, /^sojourn: there are no sessions at .*nowhere: /)
})

test('a store that does not answer is one line, exit code 1, and no password', async (t) => {
  const line = await aCommandLine(t)
  const url = 'redis://uma:hunter2-hunter2@127.0.0.1:1'
  await writeFile(join(line.folder, 'sojourn.config.ts'), `export default { store: '${url}' }`)
  const { code, out, err } = await line.run(['sessions', 'list'])
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(
    err,
    /^sojourn: SOJOURN_STORE: expected a Redis .*, got connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
  )
})
