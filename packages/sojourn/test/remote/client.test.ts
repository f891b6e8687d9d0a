import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { createSojournClient, RemoteError, type SojournClientOptions } from 'sojourn/remote'

const key = `sjk_${'0'.repeat(16)}_${'1'.repeat(64)}`
const good = {
  active: true,
  token_type: 'session',
  sub: 'u-1',
  sid: 's-1',
  iat: 1,
  acr: 'aal1',
  assurance: 1,
  amr: [],
  roles: [],
}

/** A server of the test's own, and a client of it. */
async function aServer(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<SojournClientOptions> = {},
) {
  let count = 0
  const server = createServer((request, response) => answer(request, response, ++count)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { client: createSojournClient({ url, key, ...options }), asked: () => count, server }
}

function code(expected: string, more: Partial<Pick<RemoteError, 'status' | 'retryAfter'>> = {}) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof RemoteError)
    assert.equal(error.code, expected)
    const { status, retryAfter } = error
    assert.partialDeepStrictEqual({ status, retryAfter }, more)
    return true
  }
}

test('R-73 whatever is no answer lets nobody in: it is an error with a code', async (t) => {
  for (const [status, body, expected] of [
    [401, '{}', 'key_refused'],
    [403, '{}', 'scope_missing'],
    [429, '{}', 'rate_limited'],
    [503, '{}', 'unavailable'],
    [500, '', 'unavailable'],
    [400, '{}', 'refused'],
    [302, '', 'refused'],
    [200, '<html>', 'bad_answer'],
    [200, '{}', 'bad_answer'],
    [200, 'null', 'bad_answer'],
    [200, '{"active":"true","sub":"u-1","sid":"s-1"}', 'bad_answer'],
    [200, '{"active":true}', 'bad_answer'],
    [200, '{"active":true,"sub":"","sid":"s-1"}', 'bad_answer'],
    [200, '{"active":true,"sub":"u-1","sid":"s-1","exp":"never"}', 'bad_answer'],
  ] as const) {
    const { client } = await aServer(t, (_, response) =>
      response.writeHead(status, { 'retry-after': '7', location: 'http://127.0.0.1:1/' }).end(body),
    )
    await assert.rejects(client.introspect('x'), code(expected, { status }), `${status} ${body}`)
  }
})

test('R-77 who is told to wait is told for how long', async (t) => {
  const { client } = await aServer(t, (_, response) => response.writeHead(429, { 'retry-after': '7' }).end())
  await assert.rejects(client.introspect('x'), code('rate_limited', { retryAfter: 7 }))
  await assert.rejects(client.verify({}), code('rate_limited', { retryAfter: 7 }))
})

test('a connection that breaks is tried once more, and not twice', async (t) => {
  const once = await aServer(t, (request, response, count) =>
    count === 1 ? request.socket.destroy() : response.end(JSON.stringify(good)),
  )
  assert.partialDeepStrictEqual(await once.client.introspect('x'), { active: true, sub: 'u-1' })
  assert.equal(once.asked(), 2)
  const always = await aServer(t, (request) => request.socket.destroy())
  await assert.rejects(always.client.introspect('x'), code('unreachable', { status: null }))
  assert.equal(always.asked(), 2)
})

test('an answer that does not come in time, or not whole, is none; it is not asked for again', async (t) => {
  const silent = await aServer(t, () => {}, { timeout: '50ms' })
  await assert.rejects(silent.client.introspect('x'), code('timeout'))
  const half = await aServer(t, (_, response) => void response.write('{"active":true,'), { timeout: '50ms' })
  await assert.rejects(half.client.introspect('x'), code('timeout'))
  assert.deepEqual([silent.asked(), half.asked()], [1, 1])
})

test('AUR-06 no error holds the token or the key', async (t) => {
  const { client } = await aServer(t, (request) => request.socket.destroy())
  const error: unknown = await client.introspect('the-token').catch((one: unknown) => one)
  const shown = inspect(error, { depth: 9 })
  assert.ok(!shown.includes('the-token') && !shown.includes(key))
})

test('P-19 nothing is kept unless it is asked for; then only what is active, no longer than the bound and its expiry', async (t) => {
  let now = 1_000_000
  let said: object = good
  const clock = () => now
  const answer = (_: IncomingMessage, response: ServerResponse) => response.end(JSON.stringify(said))
  const plain = await aServer(t, answer, { now: clock })
  for (let i = 0; i < 3; i++) await plain.client.introspect('x')
  assert.equal(plain.asked(), 3)
  const { client, asked } = await aServer(t, answer, { now: clock, cache: '5s' })
  const active = async (token = 'x', input = {}) => (await client.introspect(token, input)).active
  assert.deepEqual([await active(), await active(), asked()], [true, true, 1])
  assert.deepEqual([await active('y'), asked()], [true, 2])
  assert.deepEqual([await active('x', { userAgent: 'other' }), asked()], [true, 3])
  assert.deepEqual([await active('x', { touch: true }), asked()], [true, 4])
  said = { active: false }
  now += 4_999
  assert.deepEqual([await active(), asked()], [true, 4])
  now += 1
  assert.deepEqual([await active(), await active(), asked()], [false, false, 6])
  said = { ...good, exp: 1_007 }
  now = 1_005_000
  assert.equal(await active('z'), true)
  now = 1_006_999
  assert.deepEqual([await active('z'), asked()], [true, 7])
  now = 1_007_000
  await active('z')
  assert.equal(asked(), 8)
  // A clock that is set back a day.
  now -= 86_400_000
  await active('z')
  assert.equal(asked(), 9)
})

test('the bound of the memory counts from the question, however long the answer took', async (t) => {
  let now = 0
  const { client, asked } = await aServer(
    t,
    (_, response) => {
      now += 900
      response.end(JSON.stringify(good))
    },
    { now: () => now, cache: '1s' },
  )
  await client.introspect('x')
  now += 99
  await client.introspect('x')
  assert.equal(asked(), 1)
  now += 1
  await client.introspect('x')
  assert.equal(asked(), 2)
})

test('options that do not read are refused with their path, and the key is not shown', () => {
  for (const [options, says] of [
    [{ url: 'login.example.com' }, /^url: expected an origin/],
    [{ url: 'https://login.example.com/path' }, /^url/],
    [{ url: 'ftp://login.example.com' }, /^url/],
    [{ key: 'hunter2' }, /^key: expected an API key/],
    [{ timeout: '0s' }, /^timeout: expected a duration/],
    [{ timeout: 'soon' }, /^timeout/],
    [{ cache: '10ms' }, /^cache: expected from '20ms' to '1m'/],
    [{ cache: '2m' }, /^cache/],
    [{ retries: 3 }, /^retries: expected one of url, key, timeout, cache, fetch, now/],
  ] as const)
    assert.throws(
      () => createSojournClient({ url: 'https://login.example.com', ...options } as SojournClientOptions),
      (error: Error) => {
        assert.match(error.message, says)
        assert.doesNotMatch(error.message, /hunter2/)
        return true
      },
    )
})

test('without a key nothing is introspected', async () => {
  const client = createSojournClient({ url: 'http://127.0.0.1:1' })
  await assert.rejects(client.introspect('x'), /^SessionError: key: expected an API key/)
})

test('an answer to a verification that names nobody lets nobody in', async (t) => {
  for (const headers of [
    {},
    { 'x-sojourn-subject': 'u-1' },
    { 'x-sojourn-subject': 'u-1', 'x-sojourn-session': 's-1', 'x-sojourn-assurance': '9' },
    { 'x-sojourn-subject': '', 'x-sojourn-session': 's-1', 'x-sojourn-assurance': '1' },
    { 'x-sojourn-subject': '%', 'x-sojourn-session': 's-1', 'x-sojourn-assurance': '1' },
  ]) {
    const { client } = await aServer(t, (_, response) => response.writeHead(200, headers).end())
    await assert.rejects(client.verify({}), code('bad_answer'), JSON.stringify(headers))
  }
  for (const status of [204, 302, 404, 503]) {
    const { client } = await aServer(t, (_, response) => response.writeHead(status, { location: '/' }).end())
    await assert.rejects(client.verify({}), RemoteError)
  }
})
