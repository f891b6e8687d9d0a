import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { aServer, password, type RunningTest } from './a-server.ts'
import type { Answer } from './browser.ts'

const problem = 'application/problem+json'

test('R-44 A-14 every response carries the security headers, errors included', async (t) => {
  const server = await aServer(t)
  await server.person('ada@example.com', { roles: ['super-admin'] })
  const browser = await server.signedIn('ada@example.com')
  const answers: Answer[] = [
    await browser.go('/'),
    await browser.go('/login'),
    await browser.go('/account/sessions'),
    await browser.go('/nova/resources/auth-sessions'),
    await browser.go('/nowhere'),
    await browser.go('/assets/style.css'),
    await browser.go('/healthz'),
    await browser.go('/readyz'),
    await browser.call('GET', '/api/v1/session'),
    await browser.call('GET', '/api/v1/nowhere'),
    await server.browser().go('/account/sessions'),
    await server.browser().call('GET', '/api/v1/sessions'),
    await browser.submit('/login', { email: 'x', password: 'y' }),
    await browser.submit('/login', {}, { 'sec-fetch-site': 'cross-site' }),
    await browser.ask('/login', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }),
    await browser.submit('/login', { email: 'x'.repeat(70_000) }),
    await browser.ask('/login', { method: 'PUT' }),
    await browser.ask('/login', { headers: { host: 'a b' } }),
  ]
  assert.ok(new Set(answers.map(({ status }) => status)).size >= 7)
  for (const { status, headers } of answers) {
    const csp = headers['content-security-policy'] ?? ''
    for (const directive of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "style-src 'self'",
      "script-src 'self'",
      "connect-src 'self'",
    ])
      assert.ok(typeof csp === 'string' && csp.includes(directive), `${status} ${directive}`)
    assert.ok(!/unsafe|\*|http:/.test(String(csp)))
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.match(String(headers['permissions-policy']), /camera=\(\)/)
    assert.equal(headers['strict-transport-security'], undefined)
    assert.equal(headers['x-powered-by'], undefined)
  }
})

test('R-44 what cannot be read as HTTP is answered with the same headers', async (t) => {
  const server = await aServer(t)
  const malformed = ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`]
  const answers = await Promise.all(malformed.map((text) => raw(server.origin, text)))
  assert.match(answers[0] ?? '', /^HTTP\/1\.1 400 /)
  assert.match(answers[1] ?? '', /^HTTP\/1\.1 431 /)
  for (const answer of answers)
    for (const header of [
      /^Content-Security-Policy: default-src 'none'/m,
      /^X-Content-Type-Options: nosniff/m,
    ])
      assert.match(answer, header)
})

test('R-44 over HTTPS browsers are told to stay there', async (t) => {
  const server = await aServer(t, { config: { url: 'https://login.example.com', trustProxy: 1 } })
  const { headers } = await server.browser().go('/nowhere')
  assert.match(headers['strict-transport-security'] ?? '', /max-age=31536000; includeSubDomains/)
})

test('R-47 R-69 what depends on a session is kept by no cache, and says what it depends on', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const login = server.answers.at(-1)
  assert.match(login?.headers.vary ?? '', /Cookie/)
  assert.match(login?.headers.vary ?? '', /Sec-Fetch-Site/)
  assert.match(login?.headers.vary ?? '', /Origin/)
  for (const path of [
    '/',
    '/login',
    '/signup',
    '/logout',
    '/account/sessions',
    '/nowhere',
    '/api/v1/session',
  ]) {
    for (const one of [browser, server.browser()]) {
      const { headers } = await one.go(path)
      assert.equal(headers['cache-control'], 'no-store', path)
      assert.match(headers.vary ?? '', /Cookie/, path)
    }
  }
  const css = await browser.go('/assets/style.css')
  assert.match(css.headers['cache-control'] ?? '', /public/)
  assert.equal(css.headers['set-cookie'], undefined)
})

test('A-13 R-39 a request of another site changes nothing: sign-in, sign-out, ending sessions', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = await server.signedIn('uma@example.com')
  const { id } = (await browser.call('GET', '/api/v1/session')).json() as { id: string }
  const foreign = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://sibling.localhost' },
    { 'sec-fetch-site': 'none', origin: '' },
    { 'sec-fetch-site': '', 'sec-fetch-mode': '', 'sec-fetch-dest': '', origin: 'https://evil.example' },
    { 'sec-fetch-site': '', 'sec-fetch-mode': '', 'sec-fetch-dest': '', origin: 'null' },
    {
      'sec-fetch-site': '',
      'sec-fetch-mode': '',
      'sec-fetch-dest': '',
      origin: '',
      referer: 'https://evil.example/',
    },
    { 'sec-fetch-site': '', 'sec-fetch-mode': '', 'sec-fetch-dest': '', origin: '' },
  ]
  for (const headers of foreign) {
    const answers = [
      await browser.submit('/logout', {}, headers),
      await browser.submit('/login', { email: 'uma@example.com', password }, headers),
      await browser.submit('/account/sessions/end-others', {}, headers),
      await browser.submit(`/account/sessions/${id}/end`, {}, headers),
      await browser.call('DELETE', `/api/v1/sessions/${id}`, undefined, headers),
      await browser.call('POST', '/api/v1/session/keep-alive', {}, headers),
    ]
    for (const { status, headers: sent } of answers) {
      assert.equal(status, 403, JSON.stringify(headers))
      assert.equal(sent['set-cookie'], undefined)
    }
  }
  assert.equal((await browser.go('/account/sessions')).status, 200)
  const old = { 'sec-fetch-site': '', 'sec-fetch-mode': '', 'sec-fetch-dest': '' }
  assert.equal((await browser.submit('/logout', {}, old)).status, 303)
})

test('A-13 login CSRF: a form of another site signs nobody in, with or without a cookie', async (t) => {
  const server = await aServer(t)
  await server.person('uma@example.com')
  const browser = server.browser()
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  const answer = await browser.submit('/login', { email: 'uma@example.com', password }, headers)
  assert.equal(answer.status, 403)
  assert.equal(browser.cookie, '')
})

test('R-41 JSON endpoints refuse the content types that a form of any site can send', async (t) => {
  const { browser } = await anAdmin(await aServer(t))
  for (const path of ['/api/v1/session/keep-alive', '/api/v1/admin/sessions/end'])
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const answer = await browser.ask(path, {
        method: 'POST',
        headers: { origin: browser.origin, 'sec-fetch-site': 'same-origin', 'content-type': type },
        body: '{"all":true}',
      })
      assert.equal(answer.status, 415, type)
      assert.equal(answer.headers['content-type'], problem)
    }
  const typed = { 'content-type': 'application/json; charset=utf-8' }
  assert.equal((await browser.call('POST', '/api/v1/session/keep-alive', {}, typed)).status, 200)
  const form = await browser.submit('/logout', {}, { 'content-type': 'application/json' })
  assert.equal(form.status, 415)
})

test('R-42 what changes something is not reached by GET', async (t) => {
  const server = await aServer(t)
  const { browser } = await anAdmin(server)
  const { id } = (await browser.call('GET', '/api/v1/session')).json() as { id: string }
  for (const path of [
    '/account/sessions/end-others',
    `/account/sessions/${id}/end`,
    `/nova/resources/auth-sessions/${id}/end`,
    '/api/v1/admin/sessions/end',
    '/api/v1/session/keep-alive',
    `/api/v1/sessions/${id}`,
  ])
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      assert.equal(
        (await browser.ask(path, { method, headers: { accept: 'text/html' } })).status,
        404,
        `${method} ${path}`,
      )
  assert.equal((await browser.go('/account/sessions')).status, 200)
})

test('R-43 the API cannot be loaded as a script, an image or a frame', async (t) => {
  const { browser } = await anAdmin(await aServer(t))
  for (const path of ['/api/v1/session', '/api/v1/sessions', '/api/v1/admin/sessions']) {
    for (const destination of ['script', 'image', 'iframe', 'frame', 'object', 'embed', 'style', 'worker']) {
      const answer = await browser.call('GET', path, undefined, { 'sec-fetch-dest': destination })
      assert.equal(answer.status, 403, destination)
    }
    for (const destination of ['empty', 'document', '']) {
      const answer = await browser.call('GET', path, undefined, { 'sec-fetch-dest': destination })
      assert.equal(answer.status, 200)
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin')
    }
  }
})

test('R-45 no other origin is ever let in', async (t) => {
  const { browser } = await anAdmin(await aServer(t))
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost',
    'https://localhost.evil.example',
    'https://sub.localhost',
  ])
    for (const method of ['GET', 'OPTIONS'])
      for (const path of ['/api/v1/session', '/login']) {
        const { headers } = await browser.ask(path, {
          method,
          headers: { origin, 'access-control-request-method': 'POST' },
        })
        assert.deepEqual(
          Object.keys(headers).filter((name) => name.startsWith('access-control-')),
          [],
        )
      }
})

test('R-68 a token in the address is nobody’s', async (t) => {
  const server = await aServer(t)
  const { browser } = await anAdmin(server)
  const token = browser.cookie.split('=')[1] ?? ''
  for (const name of ['sid', 'token', 'session', '__Host-Http-sid', 'jsessionid'])
    assert.equal((await server.browser().go(`/account/sessions?${name}=${token}`)).status, 303)
  assert.equal(
    (await server.browser().go('/account/sessions', { authorization: `Bearer ${token}` })).status,
    303,
  )
})

test('R-74 the address of a client is the connection’s, unless trusted proxies stand in front', async (t) => {
  const spoofed = {
    'x-forwarded-for': '198.51.100.1, 203.0.113.9',
    forwarded: 'for=198.51.100.7',
    'x-real-ip': '198.51.100.8',
  }
  for (const [trustProxy, ip] of [
    [0, '127.0.0.1'],
    [1, '203.0.113.9'],
    [2, '198.51.100.1'],
  ] as const) {
    const server = await aServer(t, { config: { trustProxy } })
    const { id: subject } = await server.person('uma@example.com')
    await server.browser().submit('/login', { email: 'uma@example.com', password }, spoofed)
    const [session] = (await server.sessions.list({ subject })).items
    assert.equal(session?.ip, ip)
  }
})

test('forms and JSON that weigh more than 64 kB are refused, told or not', async (t) => {
  const { browser } = await anAdmin(await aServer(t))
  const big = 'x'.repeat(70_000)
  assert.equal((await browser.submit('/login', { email: big })).status, 413)
  assert.equal((await browser.call('POST', '/api/v1/admin/sessions/end', { id: big })).status, 413)
  const chunked = await browser.submit('/login', { email: big }, { 'transfer-encoding': 'chunked' })
  assert.equal(chunked.status, 413)
  assert.equal((await browser.submit('/login', { email: 'x'.repeat(60_000), password: 'y' })).status, 401)
})

async function anAdmin(server: RunningTest) {
  await server.person('ada@example.com', { roles: ['super-admin'] })
  return { browser: await server.signedIn('ada@example.com') }
}

/** What comes back for a text that is sent as it is. */
function raw(origin: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ port: Number(new URL(origin).port), host: '127.0.0.1' })
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}
