import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCodes, SessionError } from '../../src/core/errors.ts'
import type { Reply } from '../../src/web/exchange.ts'
import { createSessions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { errorReply, failureReply, loginRequired, wantsPage } from '../../src/web/reply.ts'
import { AnExchange } from './an-exchange.ts'

const page = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
const location = ({ headers }: Reply): string => headers.find(([name]) => name === 'Location')?.[1] ?? ''

test('AUR-15 the way back is a path of this origin, and left out where there is none', () => {
  const to = (url: string, method = 'GET'): string =>
    location(loginRequired(new AnExchange(page, { url, method }), '/login', 'idle_timeout'))
  assert.equal(to('https://app.example/a?b=c'), '/login?reason=idle_timeout&return_to=%2Fa%3Fb%3Dc')
  assert.equal(to('https://app.example/'), '/login?reason=idle_timeout')
  assert.equal(to('https://app.example//evil.example/a'), '/login?reason=idle_timeout')
  assert.equal(to('https://app.example/\\evil.example'), '/login?reason=idle_timeout')
  assert.equal(to('https://app.example/a', 'POST'), '/login?reason=idle_timeout')
})

test('a page is for whoever navigates and takes HTML', () => {
  assert.ok(wantsPage(new AnExchange(page)))
  assert.ok(wantsPage(new AnExchange({ accept: 'text/html' })))
  assert.ok(!wantsPage(new AnExchange({ accept: '*/*' })))
  assert.ok(!wantsPage(new AnExchange({ accept: 'text/html', 'sec-fetch-mode': 'cors' })))
  assert.ok(!wantsPage(new AnExchange({})))
})

test('R-73 every error of the library is answered with its code, and with nothing of its inside', () => {
  for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
    const error = new SessionError(code, 'the inside of it', { cause: new Error('the cause') })
    const { status, headers, body } = errorReply(error)
    assert.equal(status, errorCodes[code])
    assert.equal((JSON.parse(body) as { error: unknown }).error, code)
    assert.doesNotMatch(body, /inside|cause/)
    assert.equal(
      headers.some(([name]) => name === 'Retry-After'),
      status === 503,
    )
    assert.deepEqual(
      headers.filter(([name]) => name === 'Cache-Control'),
      [['Cache-Control', 'no-store']],
    )
  }
})

test('R-73 a fault is reported, and answered without its inside', () => {
  const reported: unknown[] = []
  const auth = createSessions({ store: memory(), sweepEvery: null, onError: (error) => reported.push(error) })
  const faults = [new Error('a password'), 'a text', new SessionError('store_declines', 'a password')]
  for (const fault of faults) {
    const { status, body } = failureReply(new AnExchange(), auth.web, fault)
    assert.equal(status, 500)
    assert.doesNotMatch(body, /password|text/)
  }
  assert.deepEqual(reported, faults)
  const told = [new SessionError('session_gone', ''), new SessionError('data_too_large', '')]
  assert.deepEqual(
    told.map((error) => failureReply(new AnExchange(), auth.web, error).status),
    [401, 413],
  )
  assert.equal(reported.length, 3, 'what the client is told is not reported')
})
