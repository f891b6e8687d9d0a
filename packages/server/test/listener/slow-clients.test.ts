import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { keepAliveBehindProxy, patience, patienceFor } from '../../src/listener/patience.ts'
import { SlowClients } from '../../src/listener/slow-clients.ts'
import { aServer } from '../a-server.ts'
import { connectTo, drip, type RawClient, signInHead } from './raw-client.ts'

/** Each limit alone is short, so that it is this one that cuts off. */
const far = 60_000
const patient = {
  headersTimeout: far,
  requestTimeout: far,
  keepAliveTimeout: far,
  connectionsCheckingInterval: 20,
  bodyGrace: far,
  answerTimeout: far,
}

function cutOffs(lines: readonly string[]): readonly (string | undefined)[] {
  return lines
    .map((line) => JSON.parse(line) as { readonly event?: string; readonly why?: string })
    .filter(({ event }) => event === 'client.cut_off')
    .map(({ why }) => why)
}

test('A-34 a client that sends its headers a byte at a time is cut off with 408, and nobody else is', async (t) => {
  const server = await aServer(t, { patience: { ...patient, headersTimeout: 150 } })
  const slow = await connectTo(server.origin)
  slow.socket.write('GET / HTTP/1.1\r\nX-Slow: ')
  await drip(slow, 'a')
  assert.match(slow.heard(), /^HTTP\/1\.1 408 Request Timeout\r\n/)
  assert.match(slow.heard(), /content-security-policy: /i)
  assert.deepEqual(cutOffs(server.lines), ['slow_request'])
  assert.equal((await server.browser().go('/healthz')).status, 200)
})

test('A-34 a client that connects and says nothing is cut off', async (t) => {
  const server = await aServer(t, { patience: { ...patient, headersTimeout: 100 } })
  await (
    await connectTo(server.origin)
  ).closed
})

test('A-34 a client whose body drips in is cut off with 408 once its grace is over, long before the time of a request', async (t) => {
  const server = await aServer(t, { patience: { ...patient, bodyGrace: 100 } })
  const slow = await connectTo(server.origin)
  slow.socket.write(signInHead(50_000))
  await drip(slow, 'a')
  assert.match(slow.heard(), /^HTTP\/1\.1 408 Request Timeout\r\n/)
  assert.deepEqual(cutOffs(server.lines), ['slow_body'])
})

test('A-34 a body in chunks is no way around it', async (t) => {
  const server = await aServer(t, { patience: { ...patient, bodyGrace: 100 } })
  const slow = await connectTo(server.origin)
  slow.socket.write(signInHead(1).replace(/Content-Length: 1/, 'Transfer-Encoding: chunked'))
  await drip(slow, '1\r\na\r\n', 25)
  assert.match(slow.heard(), /^HTTP\/1\.1 408 /)
})

test('A-34 who sends at a fair pace is served, however long the body takes', async (t) => {
  const server = await aServer(t, { patience: { ...patient, bodyGrace: 50 } })
  const fair = await connectTo(server.origin)
  const body = `email=uma%40example.com&password=wrong&more=${'x'.repeat(20_000)}`
  fair.socket.write(signInHead(body.length))
  for (let at = 0; at < body.length; at += 500) {
    fair.socket.write(body.slice(at, at + 500))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  while (!fair.heard().includes('\r\n\r\n')) await once(fair.socket, 'data')
  assert.match(fair.heard(), /^HTTP\/1\.1 (?:401|403) /)
  assert.deepEqual(cutOffs(server.lines), [])
  fair.socket.destroy()
})

test('A-34 a client that asks and never reads is cut off', async (t) => {
  const server = await aServer(t, { patience: { ...patient, answerTimeout: 100 } })
  const slow = await connectTo(server.origin)
  slow.socket.removeAllListeners('data')
  slow.socket.pause()
  // More answers than fit between the two: the server waits with the rest.
  slow.socket.write('GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(400))
  while (!cutOffs(server.lines).includes('slow_reader'))
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal((await server.browser().go('/healthz')).status, 200)
  slow.socket.destroy()
})

test('A-34 whoever is cut off and does not hang up is hung up on', async (t) => {
  const server = await aServer(t, { patience: { ...patient, headersTimeout: 100 } })
  const slow = await connectTo(server.origin)
  slow.socket.allowHalfOpen = true
  slow.socket.write('GET / HTTP/1.1\r\n')
  await drip(slow, 'a')
  assert.match(slow.heard(), /^HTTP\/1\.1 408 /)
})

test('A-34 a thousand connections that do nothing keep nobody from an answer, and go', async (t) => {
  const server = await aServer(t, {
    patience: { ...patient, headersTimeout: 1_500, mostOfOneNetwork: 2_000 },
  })
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => connectTo(server.origin)))
  for (const [index, { socket }] of idle.entries()) if (index % 2 === 0) socket.write('GET / HTTP/1.1\r\nA: ')
  const begun = performance.now()
  for (let i = 0; i < 20; i++) assert.equal((await server.browser().go('/login')).status, 200)
  const took = (performance.now() - begun) / 20
  assert.ok(took < 250, `${took} ms a page`)
  await Promise.all(idle.map(({ closed }) => closed))
})

test('A-34 one network has so many connections and no more; others have theirs', async (t) => {
  const server = await aServer(t, { patience: { ...patient, mostOfOneNetwork: 5 } })
  const open: RawClient[] = []
  for (let i = 0; i < 5; i++) open.push(await connectTo(server.origin))
  await (
    await connectTo(server.origin)
  ).closed
  assert.deepEqual(cutOffs(server.lines), ['crowd'])
  open[0]?.socket.destroy()
  await open[0]?.closed
  // The server hears of it a moment later.
  for (;;) {
    const again = await server
      .browser()
      .go('/healthz')
      .catch(() => undefined)
    if (again?.status === 200) break
  }
  for (const { socket } of open) socket.destroy()
})

test('A-34 behind a proxy it is the requests of a network that are counted, as the proxy tells', async (t) => {
  const server = await aServer(t, {
    config: { trustProxy: 1 },
    patience: { ...patient, mostOfOneNetwork: 3 },
  })
  const begin = async (address: string): Promise<RawClient> => {
    const client = await connectTo(server.origin)
    client.socket.write(signInHead(9).replace('Host', `X-Forwarded-For: ${address}\r\nHost`))
    return client
  }
  const slow = await Promise.all(Array.from({ length: 3 }, () => begin('192.0.2.7')))
  assert.equal((await server.browser().go('/healthz')).status, 200)
  const fourth = await begin('192.0.2.7')
  await fourth.closed
  assert.match(fourth.heard(), /^HTTP\/1\.1 429 [^]*retry-after: 5/i)
  const other = await begin('198.51.100.9')
  other.socket.write('a=b&c=d&e')
  while (other.heard() === '') await once(other.socket, 'data')
  assert.match(other.heard(), /^HTTP\/1\.1 40/)
  for (const { socket } of [...slow, other]) socket.destroy()
})

test('A-34 an idle connection of a client goes after seconds, that of a proxy only after the proxy would close it', () => {
  assert.equal(patienceFor({ trustProxy: 0 }).keepAliveTimeout, 5_000)
  assert.equal(patienceFor({ trustProxy: 1 }).keepAliveTimeout, keepAliveBehindProxy)
  assert.ok(keepAliveBehindProxy > 120_000)
  assert.deepEqual(
    [patience.headersTimeout, patience.requestTimeout, patience.maxHeaderSize],
    [10_000, 30_000, 16_384],
  )
})

/** A request and its response, as far as patience looks at them. */
function exchanged(has: {
  complete?: boolean
  bytesRead?: number
  writableEnded?: boolean
  writableFinished?: boolean
}) {
  const socket = { bytesRead: has.bytesRead ?? 0 }
  const request = Object.assign(new EventEmitter(), { complete: has.complete ?? false, socket })
  const response = Object.assign(new EventEmitter(), {
    writableEnded: false,
    writableFinished: false,
    ...has,
  })
  return {
    socket,
    request: request as unknown as IncomingMessage,
    response: response as unknown as ServerResponse,
  }
}

test('A-34 a body may stand still until its grace is over, and is then judged by its pace since it began', () => {
  let now = 0
  const slow = new SlowClients({ leastBodyRate: 500, bodyGrace: 5_000, answerTimeout: 30_000 }, () => now)
  const still = exchanged({ bytesRead: 300 })
  slow.follow(still.request, still.response)
  now = 5_000
  assert.deepEqual(slow.find(), [])
  now = 5_001
  assert.deepEqual(
    slow.find().map(({ why }) => why),
    ['slow_body'],
  )
  // What came with the headers is nobody's pace.
  still.socket.bytesRead = 300 + 2_500
  assert.deepEqual(
    slow.find().map(({ why }) => why),
    ['slow_body'],
  )
  still.socket.bytesRead = 300 + 2_501
  assert.deepEqual(slow.find(), [])
  slow.forget(still.response)
  now = far
  assert.deepEqual(slow.find(), [])
})

test('A-34 an answer may wait to be taken for so long and no longer, from when it was whole', () => {
  let now = 0
  const slow = new SlowClients({ leastBodyRate: 500, bodyGrace: 5_000, answerTimeout: 30_000 }, () => now)
  const asked = exchanged({ complete: true })
  slow.follow(asked.request, asked.response)
  // A stream that goes on has no end to wait for.
  now = 100_000
  assert.deepEqual(slow.find(), [])
  Object.assign(asked.response, { writableEnded: true })
  assert.deepEqual(slow.find(), [])
  now = 130_000
  assert.deepEqual(slow.find(), [])
  now = 130_001
  assert.deepEqual(
    slow.find().map(({ why }) => why),
    ['slow_reader'],
  )
  Object.assign(asked.response, { writableFinished: true })
  assert.deepEqual(slow.find(), [])
})
