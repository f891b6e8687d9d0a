import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessions, type SessionsOptions } from '../../src/create-sessions.ts'
import { memory } from '../../src/stores/memory.ts'
import { dangerouslyAllowInsecureCookies } from '../../src/web/options.ts'

const create = (options: Partial<SessionsOptions>): unknown =>
  createSessions({ store: memory(), sweepEvery: null, ...options })

test('what does not fit is refused at construction, with its key path', () => {
  for (const loginPath of [
    'login',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '',
    '/a\r\nb',
  ])
    assert.throws(() => create({ loginPath }), {
      code: 'invalid_option',
      message: /^loginPath: expected a path/,
    })
  for (const trustProxy of [-1, 1.5, NaN, Infinity])
    assert.throws(() => create({ trustProxy }), { code: 'invalid_option', message: /^trustProxy: expected/ })
})

test('P-15 rules of activity are refused at construction, with the path of what does not read', () => {
  for (const [rule, message] of [
    [{ path: 'poll', as: 'passive' }, /^activity\[1\]\.path: expected a path that begins/],
    [{ path: '/poll', as: 'idle' }, /^activity\[1\]\.as: expected one of active, passive, ignored/],
  ] as const) {
    const activity = [{ path: '/health', as: 'ignored' }, rule] as SessionsOptions['activity']
    assert.throws(() => create({ ...(activity && { activity }) }), { code: 'invalid_option', message })
  }
})

test('R-30 R-33 A-12 cookies that a network or a sibling can plant need a word that no configuration file has', () => {
  const weak: SessionsOptions['policy'][] = [
    { cookiePrefix: 'none' },
    { cookiePrefix: 'none', cookieForceSecure: false },
    { cookiePrefix: 'none', cookieTls: false },
  ]
  for (const policy of weak) {
    const warnings: string[] = []
    const options = {
      ...(policy === undefined ? {} : { policy }),
      onWarning: (message: string) => warnings.push(message),
    }
    assert.throws(() => create(options), {
      code: 'invalid_option',
      message: /^policy\.cookiePrefix: expected/,
    })
    const fromJson = JSON.parse('{"dangerouslyAllowInsecureCookies":true}') as object
    assert.throws(() => create({ ...options, ...fromJson }), { code: 'invalid_option' })
    assert.deepEqual(warnings, [])
    create({ ...options, [dangerouslyAllowInsecureCookies]: true })
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /no enforced prefix/)
  }
  const none = { policy: { cookieSameSite: 'none' } } as unknown as Partial<SessionsOptions>
  assert.throws(() => create(none), { message: /^policy\.cookieSameSite: expected one of lax, strict/ })
})

test('R-38 the name of the cookie says nothing of what made it', () => {
  assert.doesNotMatch(
    createSessions({ store: memory(), sweepEvery: null }).web.cookie,
    /sojourn|connect|express|node|php|java|asp/i,
  )
})
