import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { withSessions } from '../../src/adapters/node.ts'
import { NodeExchange } from '../../src/adapters/node-exchange.ts'
import { createSessions, type SessionsOptions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import type { Visit } from '../../src/web/visit.ts'
import { listen } from './listen.ts'

/** Sends these lines as they are, and returns all that comes back. */
async function sendRaw(port: number, ...lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return text(socket)
}

async function withServer(
  answer: (visit: Visit) => string | Promise<string>,
  run: (port: number, auth: ReturnType<typeof createSessions>, errors: unknown[]) => Promise<void>,
  options: Partial<SessionsOptions> = {},
): Promise<void> {
  const errors: unknown[] = []
  const auth = createSessions({
    store: memory(),
    sweepEvery: null,
    onWarning: () => {},
    onError: (error) => errors.push(error),
    ...options,
  })
  const served = await listen(
    withSessions(auth, async (_, response, visit) => response.end(await answer(visit))),
  )
  try {
    await run(Number(new URL(served.url).port), auth, errors)
  } finally {
    await served.close()
    await auth.close()
  }
}

const subjectOf = ({ subject }: Visit): string => `subject ${subject}`

test('A-36 R-37 several Cookie headers count as one', async () => {
  await withServer(subjectOf, async (port, auth) => {
    const { token } = await auth.start({ subject: 'u-1' })
    const name = auth.web.cookie
    const cookies = [`Cookie: a=b; ${name}=tossed`, `Cookie: ${name}=${token.reveal()}`]
    for (const lines of [cookies, cookies.toReversed()]) {
      const answer = await sendRaw(port, 'GET / HTTP/1.1', 'Host: app.example', ...lines, 'Connection: close')
      assert.match(answer, /subject u-1/)
    }
  })
})

test('A-15 Node refuses a header that is too long, and what it lets pass is read', async () => {
  await withServer(subjectOf, async (port) => {
    const ask = (cookie: string): Promise<string> =>
      sendRaw(port, 'GET / HTTP/1.1', 'Host: app.example', `Cookie: ${cookie}`, 'Connection: close')
    assert.match(await ask(';'.repeat(15_900)), /^HTTP\/1\.1 200 /)
    assert.match(await ask('=;"'.repeat(5_000)), /^HTTP\/1\.1 200 /)
    assert.match(await ask('a=b; '.repeat(4_000)), /^HTTP\/1\.1 431 /)
  })
})

test('odd request targets and hosts are served, and lead no page elsewhere', async () => {
  const answer = async (visit: Visit): Promise<string> => {
    visit.set('key', 'value')
    return 'served'
  }
  await withServer(answer, async (port, _, errors) => {
    const targets = [
      ['GET / HTTP/1.0'],
      ['GET http://evil.example/a HTTP/1.1', 'Host: app.example'],
      ['OPTIONS * HTTP/1.1', 'Host: app.example'],
      ['GET //evil.example/a HTTP/1.1', 'Host: app.example'],
      ['GET /a HTTP/1.1', 'Host: a b'],
      ['GET /a HTTP/1.1', 'Host: a@b/c?d'],
      ['GET /%00%zz HTTP/1.1', 'Host: :::'],
    ]
    for (const lines of targets) {
      const answer = await sendRaw(port, ...lines, 'Connection: close')
      assert.match(answer, /^HTTP\/1\.1 200 .*served$/s, lines.join(' '))
    }
    const post = await sendRaw(
      port,
      'POST http://app.example/ HTTP/1.1',
      'Host: app.example',
      'Origin: http://app.example',
      'Connection: close',
    )
    assert.match(post, /^HTTP\/1\.1 (200|403) /)
    assert.deepEqual(errors, [])
  })
})

test('R-39 a host that cannot be read is no origin, whatever the client claims', async () => {
  await withServer(subjectOf, async (port, auth) => {
    const { token } = await auth.start({ subject: 'u-1' })
    const post = (target: string, host: string | undefined, origin: string): Promise<string> => {
      const cookie = `Cookie: ${auth.web.cookie}=${token.reveal()}`
      const version = host === undefined ? 'HTTP/1.0' : 'HTTP/1.1'
      const lines = [...(host === undefined ? [] : [`Host: ${host}`]), `Origin: ${origin}`, cookie]
      return sendRaw(port, `POST ${target} ${version}`, ...lines, 'Connection: close')
    }
    assert.match(await post('/', 'app.example', 'http://app.example'), /^HTTP\/1\.1 200 .*subject u-1/s)
    for (const host of ['a b', 'a@b', 'a/b', ':::', '[::1', undefined])
      for (const origin of [
        'http://localhost',
        'null',
        'http://b',
        'http://a',
        `http://${host}`,
        'unknown://unknown',
      ])
        assert.match(await post('/', host, origin), /^HTTP\/1\.1 403 /, `${host} ${origin}`)
  })
})

test('R-39 a target in absolute form names the host, not the Host header (RFC 9112 3.2.2)', async () => {
  await withServer(subjectOf, async (port, auth) => {
    const { token } = await auth.start({ subject: 'u-1' })
    const post = (target: string, origin: string): Promise<string> =>
      sendRaw(
        port,
        `POST ${target} HTTP/1.1`,
        'Host: other.example',
        `Origin: ${origin}`,
        `Cookie: ${auth.web.cookie}=${token.reveal()}`,
        'Connection: close',
      )
    assert.match(await post('http://app.example/a', 'http://app.example'), /^HTTP\/1\.1 200 /)
    for (const origin of ['http://other.example', 'http://localhost', 'null'])
      assert.match(await post('http://app.example/a', origin), /^HTTP\/1\.1 403 /)
    assert.match(await post('http://user@app.example/a', 'http://app.example'), /^HTTP\/1\.1 403 /)
  })
})

test('a URL has the host that the client named, and the whole path; what is no path has none', () => {
  const urlOf = (request: object): string =>
    new NodeExchange({ headers: {}, socket: {}, ...request } as IncomingMessage, { appendHeader() {} }).url
  const headers = { host: 'app.example:8080' }
  assert.equal(urlOf({ url: '/a?b', headers }), 'http://app.example:8080/a?b')
  assert.equal(urlOf({ url: '/a?b', headers, socket: { encrypted: true } }), 'https://app.example:8080/a?b')
  assert.equal(urlOf({ url: '/b', originalUrl: '/a/b', headers }), 'http://app.example:8080/a/b')
  assert.equal(urlOf({ url: '/a', headers: { ':authority': 'app.example' } }), 'http://app.example/a')
  assert.equal(urlOf({ url: 'http://other.example/a', headers }), 'http://other.example/a')
  assert.equal(urlOf({ url: 'HTTPS://Other.Example:443/a?b', headers }), 'https://other.example/a?b')
  assert.equal(urlOf({ url: '*', headers }), 'http://app.example:8080/')
  for (const url of ['http://', 'http://user@other.example/', 'ftp://other.example/', 'evil.example:443', ''])
    assert.equal(urlOf({ url, headers }), 'unknown://unknown/', url)
  for (const host of ['a b', 'a@b', 'a/b?', 'a:b', '', undefined])
    assert.equal(urlOf({ url: '//b/a?b', headers: { host } }), 'unknown://unknown//b/a?b', host)
  assert.equal(new URL('unknown://unknown//b/a?b').pathname, '//b/a')
})

test('R-73 a store that throws what no store should is answered 500, and the process goes on', async () => {
  for (const find of [
    () => {
      throw new TypeError('a bug in the store')
    },
    () => Promise.reject(new TypeError('a bug in the store')),
  ]) {
    const store = Object.assign(memory(), { find })
    await withServer(
      subjectOf,
      async (port, auth) => {
        const cookie = `Cookie: ${auth.web.cookie}=${'A'.repeat(22)}.${'A'.repeat(43)}`
        const answer = await sendRaw(port, 'GET / HTTP/1.1', 'Host: localhost', cookie, 'Connection: close')
        assert.match(answer, /^HTTP\/1\.1 503 /)
        assert.doesNotMatch(answer, /a bug/)
        assert.match(
          await sendRaw(port, 'GET / HTTP/1.1', 'Host: localhost', 'Connection: close'),
          /subject null/,
        )
      },
      { store },
    )
  }
})

test('what a handler throws is reported and answered, an error of the library by its own status', async () => {
  const faults: (() => unknown)[] = [
    () => {
      throw new Error('a password')
    },
    () => Promise.reject(new Error('a password')),
  ]
  for (const fault of faults) {
    await withServer(
      async () => String(await fault()),
      async (port, _, errors) => {
        const answer = await sendRaw(port, 'GET / HTTP/1.1', 'Host: localhost', 'Connection: close')
        assert.match(answer, /^HTTP\/1\.1 500 .*"error":"internal"/s)
        assert.doesNotMatch(answer, /password/)
        assert.equal(errors.length, 1)
      },
    )
  }
  await withServer(
    async (visit) => {
      await visit.login('u-1')
      return 'in'
    },
    async (port, _, errors) => {
      const answer = await sendRaw(port, 'GET / HTTP/1.1', 'Host: localhost', 'Connection: close')
      assert.match(answer, /^HTTP\/1\.1 403 .*"error":"login_disabled_by_limit"/s)
      assert.deepEqual(errors, [])
    },
    { policy: { limit: 0 } },
  )
})

test('A-17 R-72 what a browser says of itself stays within its header, and within measure', async () => {
  const answer = async (visit: Visit): Promise<string> => {
    await visit.login('u-1')
    return 'in'
  }
  await withServer(answer, async (port, auth) => {
    const agent = `a\t<script> "browser" ${'x'.repeat(5_000)}`
    await sendRaw(port, 'GET / HTTP/1.1', 'Host: localhost', `User-Agent: ${agent}`, 'Connection: close')
    const [session] = (await auth.list()).items
    assert.ok((session?.userAgent?.length ?? 0) <= 512)
    assert.equal(session?.ip, '127.0.0.1')
  })
})
