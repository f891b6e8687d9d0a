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

test('a URL has the host that the client named, and the whole path; what is no path has none', () => {
  const urlOf = (request: object): string =>
    new NodeExchange({ headers: {}, socket: {}, ...request } as IncomingMessage, { appendHeader() {} }).url
  const headers = { host: 'app.example:8080' }
  assert.equal(urlOf({ url: '/a?b', headers }), 'http://app.example:8080/a?b')
  assert.equal(urlOf({ url: '/a?b', headers, socket: { encrypted: true } }), 'https://app.example:8080/a?b')
  assert.equal(urlOf({ url: '/b', originalUrl: '/a/b', headers }), 'http://app.example:8080/a/b')
  assert.equal(urlOf({ url: '/a', headers: { ':authority': 'app.example' } }), 'http://app.example/a')
  for (const url of ['http://evil.example/a', '*', 'evil.example:443', ''])
    assert.equal(urlOf({ url, headers }), 'http://localhost/')
  assert.equal(urlOf({ url: '/a', headers: { host: 'a b' } }), 'http://localhost/')
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
