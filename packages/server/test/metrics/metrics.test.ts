import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { memory } from 'sojourn/stores/memory'
import { everyRoute } from '../../src/routes/index.ts'
import { Passwords } from '../../src/accounts/passwords.ts'
import { aServer, cheap, idOf, password, type RunningTest } from '../a-server.ts'
import { aKey } from '../keys/a-key.ts'
import { until } from '../until.ts'
import { aReceiver } from '../webhooks/receiver.ts'
import { readSamples, type Sample, valueOf } from './scrape.ts'

const measured = { config: { metrics: 'key' } } as const

async function scrape({ metrics }: Pick<RunningTest, 'metrics'>): Promise<readonly Sample[]> {
  return readSamples((await metrics?.text()) ?? '')
}

test('requests are counted by the pattern of their route, their method and the class of their status', async (t) => {
  const server = await aServer(t, measured)
  await server.person('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  const id = await idOf(uma)
  await uma.submit(`/account/sessions/${id}/end`)
  await uma.go('/nowhere/at?all=1')
  await uma.go('/wp-login.php')
  await uma.go('/nova/integrations/new')
  await uma.ask('/login', { method: 'PROPFIND' })
  await uma.submit('/account/sessions/x/end', {}, { 'sec-fetch-site': 'cross-site' })
  const samples = await scrape(server)
  const count = (method: string, route: string, status: string) =>
    valueOf(samples, 'sojourn_http_request_duration_seconds_count', { method, route, status })
  assert.equal(count('POST', '/login', '3xx'), 1)
  assert.equal(count('GET', '/api/v1/session', '2xx'), 1)
  assert.equal(count('POST', '/account/sessions/:id/end', '3xx'), 1)
  // Refused before the route was reached, and still counted as its own.
  assert.equal(count('POST', '/account/sessions/:id/end', '4xx'), 1)
  // The one that answers, where the patterns of two fit.
  assert.equal(count('GET', '/nova/integrations/new', '3xx'), 1)
  assert.equal(count('GET', 'none', '4xx'), 2)
  assert.equal(count('other', 'none', '4xx'), 1)
})

test('sessions begun and ended by reason, sign-ins by method and outcome, refusals by a limit', async (t) => {
  const server = await aServer(t, measured)
  await server.person('uma@example.com', { sessionLimit: 1 })
  await server.person('zoe@example.com', { sessionLimit: 0 })
  await server.signedIn('uma@example.com')
  const uma = await server.signedIn('uma@example.com')
  await uma.submit('/logout')
  await server.browser().submit('/login', { email: 'uma@example.com', password: 'wrong' })
  await server.browser().submit('/login', { email: 'zoe@example.com', password })
  const samples = await scrape(server)
  const events = (event: string, reason?: string) =>
    valueOf(samples, 'sojourn_events_total', { event, ...(reason && { reason }) })
  assert.equal(events('session.started'), 2)
  assert.equal(events('session.ended', 'evicted_by_limit'), 1)
  assert.equal(events('session.ended', 'user_logout'), 1)
  assert.equal(events('login.refused', 'login_disabled_by_limit'), 1)
  assert.equal(valueOf(samples, 'sojourn_session_duration_seconds_count', { reason: 'user_logout' }), 1)
  const signIns = (outcome: string) =>
    valueOf(samples, 'sojourn_sign_ins_total', { method: 'password', outcome })
  assert.deepEqual([signIns('signed-in'), signIns('failed'), signIns('limited')], [2, 1, 1])
})

test('who is slowed down is counted by route', async (t) => {
  const server = await aServer(t, measured)
  for (let i = 0; i < 60; i++)
    await server.browser().submit('/login', { email: `nobody-${i}@example.com`, password })
  const samples = await scrape(server)
  assert.ok((valueOf(samples, 'sojourn_rate_limited_total', { route: '/login' }) ?? 0) > 0)
})

test('calls of the store by verb and outcome, what the cache answered, and the state of the way to the store', async (t) => {
  const other = await aServer(t, { ...measured, store: memory() })
  const server = await aServer(t, { ...measured, store: memory() })
  await server.person('uma@example.com')
  await server.signedIn('uma@example.com')
  const samples = await scrape(server)
  const call = { db_system_name: 'memory', db_operation_name: 'create', sojourn_outcome: 'created' }
  assert.equal(valueOf(samples, 'db_client_operation_duration_seconds_count', call), 1)
  const { metrics } = server
  metrics?.onAnswer({ from: 'memory', freshness: 700 })
  metrics?.storeState('open')
  const later = await scrape(server)
  assert.equal(valueOf(later, 'sojourn_cache_answers_total', { from: 'memory' }), 1)
  assert.equal(valueOf(later, 'sojourn_cache_freshness_seconds_sum'), 0.7)
  assert.equal(valueOf(later, 'sojourn_store_state', { state: 'open' }), 1)
  assert.equal(valueOf(later, 'sojourn_store_state', { state: 'closed' }), 0)
  // Servers of one process count for themselves.
  assert.equal(valueOf(await scrape(other), 'db_client_operation_duration_seconds_count', call), undefined)
})

test('passwords that are hashed, wait and are turned away', async (t) => {
  const passwords = new Passwords({ cost: cheap, atOnce: 1, waiting: 8 })
  const server = await aServer(t, { ...measured, passwords })
  const hashes = [1, 2, 3].map(() => passwords.hash(password))
  const samples = await scrape(server)
  assert.equal(valueOf(samples, 'sojourn_password_hashing', { state: 'running' }), 1)
  assert.equal(valueOf(samples, 'sojourn_password_hashing', { state: 'waiting' }), 1)
  assert.equal(valueOf(samples, 'sojourn_password_hashing_refused_total'), 1)
  await Promise.allSettled(hashes)
  assert.equal(valueOf(await scrape(server), 'sojourn_password_hashing', { state: 'running' }), 0)
})

test('jobs: when each ran last, how long it took, whether it failed, and its runs at this node', async (t) => {
  const server = await aServer(t, measured)
  server.clock.set(1_700_000_000_000)
  await server.jobs.run('sessions')
  server.sessions.sweep = () => Promise.reject(new Error('on fire'))
  const first = await scrape(server)
  const of = (samples: readonly Sample[], name: string) => valueOf(samples, name, { job: 'sessions' })
  assert.equal(of(first, 'sojourn_job_last_run_timestamp_seconds'), 1_700_000_000)
  assert.equal(of(first, 'sojourn_job_last_run_duration_seconds'), 0)
  assert.equal(of(first, 'sojourn_job_last_run_failed'), 0)
  await server.jobs.run('sessions')
  const second = await scrape(server)
  assert.equal(of(second, 'sojourn_job_last_run_failed'), 1)
  const runs = (outcome: string) => valueOf(second, 'sojourn_job_runs_total', { job: 'sessions', outcome })
  assert.deepEqual([runs('done'), runs('failed')], [1, 1])
})

test('what is to be delivered, for how long it has waited, and what is given up', async (t) => {
  const server = await aServer(t, {
    config: { metrics: 'key', mode: 'demo', webhookNetworks: ['127.0.0.0/8'] },
  })
  const receiver = await aReceiver(t)
  receiver.reply((response) => void response.writeHead(500).end())
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  await ada.call('POST', '/api/v1/admin/webhooks', { url: receiver.url, events: ['session.started'] })
  await server.signedIn('ada@example.com')
  await until(() => receiver.received.length === 1)
  await server.jobs.run('delivery')
  server.clock.advance(90_000)
  const samples = await scrape(server)
  assert.equal(valueOf(samples, 'sojourn_outbox_deliveries', { state: 'due' }), 1)
  assert.equal(valueOf(samples, 'sojourn_outbox_deliveries', { state: 'dead' }), 0)
  assert.equal(valueOf(samples, 'sojourn_outbox_oldest_due_seconds'), 90)
  assert.equal(valueOf(samples, 'sojourn_webhook_endpoints', { state: 'enabled' }), 1)
  const tried = { format: 'standard', outcome: 'refused' }
  assert.equal(valueOf(samples, 'sojourn_webhook_attempt_duration_seconds_count', tried), 1)
})

test('the process: its event loop, its memory, its processor', async (t) => {
  const samples = await scrape(await aServer(t, measured))
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'sojourn_http_connections',
    'sojourn_http_requests_under_way',
    'sojourn_live_streams',
    'sojourn_letters_waiting',
  ])
    assert.ok(valueOf(samples, name) !== undefined, name)
})

test('what cannot be read is left out, logged and counted, and the rest is there', async (t) => {
  const server = await aServer(t, measured)
  server.metrics?.read(() => Promise.reject(new Error('on fire')))
  const samples = await scrape(server)
  assert.equal(valueOf(samples, 'sojourn_metrics_unread_total'), 1)
  assert.ok(valueOf(samples, 'process_resident_memory_bytes') !== undefined)
  assert.ok(server.lines.some((line) => line.includes('on fire')))
})

test('no label names anybody, and there is a bounded number of everything, whatever is asked', async (t) => {
  const server = await aServer(t, measured)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const { id: account } = await server.person('uma@example.com')
  const ada = await server.signedIn('ada@example.com')
  await aKey(ada)
  const uma = await server.signedIn('uma@example.com')
  const session = await idOf(uma)
  const before = await scrape(server)
  for (let i = 0; i < 50; i++) {
    await uma.go(`/nowhere/${i}`)
    await uma.go(`/account/sessions/${i}`)
    await uma.ask('/', { method: `M${i}`.replace(/\d/g, (digit) => 'ABCDEFGHIJ'[Number(digit)] ?? '') })
    await server.browser().submit('/login', { email: `${i}@example.com`, password: 'wrong' })
  }
  const after = await scrape(server)
  const values = new Set(after.flatMap(({ labels }) => Object.values(labels)))
  for (const value of values)
    assert.ok(
      ![account, session, 'example.com', '127.0.0.1', 'sjk_', 'nowhere'].some((one) => value.includes(one)),
      value,
    )
  const routes = new Set(everyRoute.map(({ path }) => path))
  for (const { labels } of after)
    assert.ok(labels['route'] === undefined || routes.has(labels['route']) || labels['route'] === 'none')
  assert.ok(after.length - before.length < 100, `${after.length - before.length} more`)
})

test('the documentation names every metric, and no other', async (t) => {
  const server = await aServer(t, measured)
  const text = (await server.metrics?.text()) ?? ''
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].flatMap(([, name = '']) =>
    /^(?:nodejs|process)_/.test(name) ? [] : name,
  )
  const page = await readFile(join(import.meta.dirname, '../../../../docs/operations/metrics.md'), 'utf8')
  const told = [...page.matchAll(/^\| `((?:sojourn|db)_\w+)` \|/gm)].map(([, name = '']) => name)
  assert.deepEqual(told.toSorted(), names.toSorted())
})
