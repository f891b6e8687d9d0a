import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aServer } from '../a-server.ts'

interface Told {
  readonly jobs: readonly {
    readonly name: string
    readonly rows: number | null
    readonly said: string | null
    readonly next_at: number | null
    readonly error: string | null
  }[]
}

test('SLI-24 SLI-25 the jobs, how each ran last and when it is due stand on a page and in the API, and one can be run at once', async (t) => {
  const server = await aServer(t)
  await server.person('root@example.com', { roles: ['super-admin'] })
  await server.person('uma@example.com')
  await server.signedIn('uma@example.com')
  server.clock.advance(3 * 3_600_000)
  const root = await server.signedIn('root@example.com')
  const before = (await root.call('GET', '/api/v1/admin/jobs')).json() as Told
  assert.deepEqual(
    before.jobs.map(({ name }) => name),
    ['sessions', 'clean-up', 'intake', 'delivery', 'outbox'],
  )
  for (;;) {
    // The timer of the job may be at it already.
    const ran = (await root.call('POST', '/api/v1/admin/jobs/sessions/run')).json()
    if (JSON.stringify(ran) === '{"outcome":"done"}') break
  }
  const { sessions } = await root
    .call('GET', '/api/v1/admin/sessions?state=ended')
    .then((answer) => answer.json() as { readonly sessions: readonly { readonly end_reason: string }[] })
  assert.deepEqual(
    sessions.map((one) => one.end_reason),
    ['idle_timeout'],
  )
  const [job] = ((await root.call('GET', '/api/v1/admin/jobs')).json() as Told).jobs
  assert.match(job?.said ?? '', /^\d+ marked, 0 minimised, 0 purged$/)
  assert.deepEqual([job?.error, job?.next_at], [null, server.clock.now() + 60_000])
  const page = await root.go('/nova/jobs')
  assert.match(page.text, /marked, 0 minimised, 0 purged/)
  assert.equal((await root.submit('/nova/jobs/clean-up/run')).location, '/nova/jobs')
  assert.equal((await root.submit('/nova/jobs/nothing/run')).status, 404)
})
