import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SpanKind, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { memory } from 'sojourn/stores/memory'
import { registeredTracer } from '../../src/telemetry/registered-tracer.ts'
import { aServer, idOf, password } from '../a-server.ts'
import { aReceiver } from '../webhooks/receiver.ts'
import { until } from '../until.ts'
import { keepSpans } from './spans.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

function named(spans: readonly ReadableSpan[], name: string): readonly ReadableSpan[] {
  return spans.filter((span) => span.name === name)
}

test('a request is one trace: its route, its sessions, the store and the hash stand below it', async (t) => {
  const spans = keepSpans(t)
  const server = await aServer(t, { store: memory() })
  await server.person('uma@example.com')
  const browser = server.browser()
  await browser.submit('/login', { email: 'uma@example.com', password }, { traceparent })
  const of = spans().filter((span) => span.spanContext().traceId === traceId)
  const [request] = named(of, 'POST /login')
  assert.ok(request !== undefined, of.map(({ name }) => name).join(' '))
  assert.equal(request.parentSpanContext?.spanId, 'b7ad6b7169203331')
  assert.equal(request.kind, 1 satisfies SpanKind)
  assert.partialDeepStrictEqual(request.attributes, {
    'http.request.method': 'POST',
    'http.route': '/login',
    'http.response.status_code': 303,
  })
  const parents = new Map(of.map((span) => [span.spanContext().spanId, span.name]))
  const parentOf = (name: string) => parents.get(named(of, name)[0]?.parentSpanContext?.spanId ?? '')
  assert.equal(parentOf('sojourn.password.hash'), 'POST /login')
  assert.equal(parentOf('sojourn.start'), 'POST /login')
  assert.equal(parentOf('sojourn.store.create'), 'sojourn.start')
})

test('every line of a request names it and its trace, and so does the answer', async (t) => {
  keepSpans(t)
  const server = await aServer(t)
  await server.person('uma@example.com')
  const answer = await server
    .browser()
    .submit('/login', { email: 'uma@example.com', password }, { traceparent })
  const request = answer.headers['x-request-id']
  assert.match(String(request), /^[0-9a-f]{8}-[0-9a-z]+$/)
  const lines = server.lines.map((line) => JSON.parse(line) as { [name: string]: unknown })
  const ofIt = lines.filter((line) => line['request'] === request)
  assert.deepEqual(new Set(ofIt.map((line) => line['trace'])), new Set([traceId]))
  const said = ofIt.map(({ msg }) => msg)
  assert.ok(said.includes('session.started') && said.includes('request'), said.join())
})

test('a refusal has its route, what is no address has none, and a failure is marked', async (t) => {
  const spans = keepSpans(t)
  const server = await aServer(t)
  await server.browser().go('/account/sessions/AAAAAAAAAAAAAAAAAAAAAA/secret-of-somebody?token=x')
  await server
    .browser()
    .submit('/account/sessions/AAAAAAAAAAAAAAAAAAAAAA/end', {}, { 'sec-fetch-site': 'cross-site' })
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  server.accounts.find = () => Promise.reject(new Error('on fire'))
  await browser.go('/account/sessions')
  const names = spans().map(({ name }) => name)
  assert.ok(names.includes('GET') && names.includes('POST /account/sessions/:id/end'), names.join(' '))
  const failed = named(spans(), 'GET /account/sessions').at(-1)
  assert.deepEqual([failed?.status.code, failed?.attributes['http.response.status_code']], [2, 500])
  const said = spans().map(({ name, attributes }) => JSON.stringify([name, attributes]))
  assert.deepEqual(
    said.filter((one) => one.includes('secret-of-somebody')),
    [],
  )
})

test('what is sent to a webhook is a span of its own, that the receiver is told nothing of', async (t) => {
  const spans = keepSpans(t)
  const server = await aServer(t, { config: { mode: 'demo', webhookNetworks: ['127.0.0.0/8'] } })
  const receiver = await aReceiver(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const ada = await server.signedIn('ada@example.com')
  const body = { url: receiver.url, format: 'standard', events: ['session.started'] }
  const added = await ada.call('POST', '/api/v1/admin/webhooks', body)
  assert.equal(added.status, 201, added.text)
  await server.person('uma@example.com')
  await server.signedIn('uma@example.com')
  await server.jobs.run('delivery')
  await until(() => named(spans(), 'sojourn.webhook').length > 0)
  const [sent] = named(spans(), 'sojourn.webhook')
  assert.deepEqual(Object.keys(sent?.attributes ?? {}).toSorted(), [
    'http.response.status_code',
    'sojourn.webhook.format',
    'sojourn.webhook.id',
  ])
  assert.deepEqual(
    Object.keys(receiver.received[0]?.headers ?? {}).filter((name) => /trace|baggage/.test(name)),
    [],
  )
})

test('without an SDK nothing is wrapped: the sessions and the store are those that the server was made with', async (t) => {
  assert.equal(registeredTracer(), undefined)
  const store = memory()
  const server = await aServer(t, { store })
  const finds: string[] = []
  const find = store.find.bind(store)
  store.find = (...given) => {
    finds.push(new Error('where').stack ?? '')
    return find(...given)
  }
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  await idOf(browser)
  assert.ok(finds.length > 0)
  assert.deepEqual(
    finds.filter((stack) => /traced\.ts|observed\.ts|opentelemetry/.test(stack)),
    [],
  )
  assert.equal(trace.getActiveSpan(), undefined)
})

test('with an SDK they are', async (t) => {
  keepSpans(t)
  assert.ok(registeredTracer() !== undefined)
})
