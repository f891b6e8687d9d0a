import assert from 'node:assert/strict'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { aCommandLine } from './command-line.ts'
import { aServer, secret } from './a-server.ts'

interface Told {
  readonly ok: boolean
  readonly checks: readonly { readonly check: string; readonly state: string; readonly todo?: string }[]
}

test('doctor looks at a server that runs: 0 and a line for each check where none fails, 1 and what to do where one does', async (t) => {
  const line = await aCommandLine(t)
  const server = await aServer(line)
  const { ok, checks } = await line.json<Told>(['doctor'])
  assert.equal(ok, true)
  assert.ok(
    checks.every(({ state }) => state === 'ok' || state === 'warning'),
    JSON.stringify(checks),
  )
  const well = await line.run(['doctor'])
  assert.equal(well.code, 0)
  assert.match(well.out, /^ok {7}session store: sqlite answers$/m)
  await chmod(join(line.folder, 'data/server.db'), 0o644)
  const ill = await line.run(['doctor'])
  assert.equal(ill.code, 1)
  assert.match(ill.out, /^FAILURE {2}files: others may read .*\n {9}→ chmod go= /m)
  assert.match(ill.err, /one check failed/)
  const weak = await line.run(['doctor', '--json'], '', { SOJOURN_SECRET: secret })
  assert.equal(weak.code, 1)
  assert.ok(!weak.out.includes(secret) && !weak.err.includes(secret))
  assert.equal(await server.stop(), 0)
})

test('doctor makes nothing where there is nothing, and says so', async (t) => {
  const line = await aCommandLine(t)
  const { code, out } = await line.here(['doctor', '--json'])
  assert.equal(code, 1)
  const { checks } = JSON.parse(out) as Told
  assert.equal(checks[0]?.check, 'database')
  assert.match(JSON.stringify(checks[0]), /there is nothing at/)
  assert.deepEqual(await readdir(line.folder), [])
})

test('jobs lists how each ran last', async (t) => {
  const line = await aCommandLine(t)
  const server = await aServer(line)
  // A server takes in at its start what ended meanwhile.
  for (;;) {
    const { jobs } = await line.json<{
      readonly jobs: readonly { readonly name: string; readonly error: null }[]
    }>(['jobs'])
    if (jobs.length === 0) continue
    assert.deepEqual([jobs[0]?.name, jobs[0]?.error], ['intake', null])
    break
  }
  assert.match((await line.run(['jobs'])).out, /^intake {6}/)
  await server.stop()
})
