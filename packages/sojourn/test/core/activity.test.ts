import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  type ActivityClass,
  activityOf,
  type ActivityRule,
  readActivityRules,
  type RequestSigns,
} from '../../src/core/activity.ts'

const plain: RequestSigns = {
  method: 'GET',
  path: '/orders',
  destination: undefined,
  mode: undefined,
  purpose: undefined,
  said: undefined,
}

function classOf(signs: Partial<RequestSigns>, rules?: readonly ActivityRule[]): ActivityClass {
  return activityOf({ ...plain, ...signs }, rules)
}

test('AUR-19 a page, a form and a script that asks for something are activity', () => {
  assert.equal(classOf({}), 'active', 'a client that sends no metadata')
  assert.equal(classOf({ destination: 'document', mode: 'navigate' }), 'active')
  assert.equal(classOf({ destination: 'document', mode: 'navigate', method: 'POST' }), 'active')
  assert.equal(classOf({ destination: 'empty', mode: 'cors' }), 'active')
  assert.equal(classOf({ destination: 'empty', mode: 'same-origin', method: 'PUT' }), 'active')
  assert.equal(classOf({ destination: 'iframe', mode: 'navigate' }), 'active')
  assert.equal(classOf({ destination: 'empty', mode: 'websocket' }), 'active')
})

test('P-15 A-31 what a browser does by itself is passive', () => {
  for (const destination of ['image', 'style', 'script', 'font', 'serviceworker', 'report', 'manifest'])
    assert.equal(classOf({ destination, mode: 'no-cors' }), 'passive', destination)
  assert.equal(classOf({ destination: 'document', mode: 'navigate', purpose: 'prefetch' }), 'passive')
  assert.equal(classOf({ destination: 'document', purpose: 'prefetch;prerender' }), 'passive')
  assert.equal(
    classOf({ destination: 'empty', mode: 'no-cors', method: 'POST' }),
    'passive',
    'sendBeacon, ping, the refresh of a bound session',
  )
  for (const method of ['OPTIONS', 'HEAD']) assert.equal(classOf({ method }), 'passive', method)
})

test('P-15 A-31 a client can say that it polls, or that somebody is there', () => {
  assert.equal(classOf({ said: 'passive', destination: 'empty', mode: 'cors' }), 'passive')
  assert.equal(classOf({ said: 'active', destination: 'empty', mode: 'no-cors' }), 'active')
  assert.equal(classOf({ said: 'PASSIVE' }), 'passive', 'what is no known word is the careful one')
  assert.equal(classOf({ said: 'ignored' }), 'passive', 'and nobody takes themselves out')
  assert.equal(classOf({ said: 'active', purpose: 'prefetch' }), 'passive')
})

test('P-15 of several rules the first that matches holds', () => {
  const rules: readonly ActivityRule[] = [
    { path: '/api/poll', method: 'POST', as: 'active' },
    { path: '/api/poll*', as: 'passive' },
    { path: '/assets/*', as: 'ignored' },
    { path: '*.svg', as: 'ignored' },
    { path: '/media/*', as: 'active' },
  ]
  assert.equal(classOf({ path: '/api/poll' }, rules), 'passive')
  assert.equal(classOf({ path: '/api/poll', method: 'POST' }, rules), 'active')
  assert.equal(classOf({ path: '/api/polls/7' }, rules), 'passive')
  assert.equal(classOf({ path: '/assets/a/b.css' }, rules), 'ignored')
  assert.equal(classOf({ path: '/orders/logo.svg' }, rules), 'ignored')
  assert.equal(
    classOf({ path: '/media/film', destination: 'video' }, rules),
    'active',
    'watching is activity',
  )
  assert.equal(classOf({ path: '/media/film', said: 'passive' }, rules), 'active')
  assert.equal(classOf({ path: '/media/film', purpose: 'prefetch' }, rules), 'passive', 'a prefetch never is')
  assert.equal(classOf({ path: '/orders' }, rules), 'active')
})

test('A-31 a client cannot make active what the application calls polling', () => {
  const rules: readonly ActivityRule[] = [{ path: '/session/status', as: 'passive' }]
  assert.equal(classOf({ path: '/session/status', said: 'active' }, rules), 'passive')
})

test('a pattern matches a whole path', () => {
  const matches = (pattern: string, path: string) =>
    classOf({ path }, [{ path: pattern, as: 'ignored' }]) === 'ignored'
  for (const [pattern, path] of [
    ['/a', '/a'],
    ['*', ''],
    ['/a*', '/a'],
    ['/a*b', '/ab'],
    ['/a*b*c', '/axxbxbxc'],
    ['/*/x/*', '/a/x/x/'],
    ['/a**b', '/ab'],
  ] as const)
    assert.ok(matches(pattern, path), `${pattern} ${path}`)
  for (const [pattern, path] of [
    ['/a', '/a/'],
    ['/a', '/ab'],
    ['/a*', '/b'],
    ['/ab*ba', '/aba'],
    ['/a*b', '/abc'],
    ['/a*b*c', '/axc'],
    ['*.svg', '/a.svgz'],
    ['/a.c', '/abc'],
  ] as const)
    assert.ok(!matches(pattern, path), `${pattern} ${path}`)
})

test('a pattern matches as the regular expression that it stands for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, text, (pattern, path) => {
      const source = pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')
      const found = classOf({ path }, [{ path: pattern, as: 'ignored' }]) === 'ignored'
      assert.equal(found, new RegExp(`^${source}$`).test(path))
    }),
    { numRuns: 5_000 },
  )
})

test('rules are read at construction; what does not read is refused with its path', () => {
  const rules = [{ path: '/poll', method: 'GET', as: 'passive' }]
  assert.deepEqual(readActivityRules(rules, 'activity'), rules)
  for (const [written, message] of [
    [{}, /^activity: expected a list of rules/],
    [[null], /^activity\[0\]: expected a rule/],
    [[{ path: 'poll', as: 'passive' }], /^activity\[0\]\.path: expected a path that begins/],
    [
      [{ path: '/poll', as: 'off' }],
      /^activity\[0\]\.as: expected one of active, passive, ignored, got "off"/,
    ],
    [[{ path: '/poll', method: 'get', as: 'passive' }], /^activity\[0\]\.method: /],
    [[{ path: '/poll', class: 'passive', as: 'passive' }], /^activity\[0\]\.class: expected one of path/],
  ] as const)
    assert.throws(() => readActivityRules(written, 'activity'), { code: 'invalid_option', message })
})
