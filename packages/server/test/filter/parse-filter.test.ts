import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultSentence, parseFilter } from '../../src/filter/parse-filter.ts'

const minute = 60_000

function termsOf(text: string) {
  const parsed = parseFilter(text)
  assert.ok('terms' in parsed, 'fault' in parsed ? faultSentence(parsed.fault) : '')
  return parsed.terms
}

function faultOf(text: string) {
  const parsed = parseFilter(text)
  assert.ok('fault' in parsed, text)
  return parsed.fault
}

test('SLI-23 every condition of the filter language is read', () => {
  const terms = termsOf(
    'state:active user:u-42 ip:10.0.0.0/8 device.os:Windows method:password reason:idle_timeout lastSeen<now-30m as_of:2026-11-21T14:05Z',
  )
  const shown = terms.map((term) => [term.field, 'range' in term ? term.value : term.value])
  assert.deepEqual(shown, [
    ['state', 'active'],
    ['user', 'u-42'],
    ['ip', '10.0.0.0/8'],
    ['device.os', 'Windows'],
    ['method', 'password'],
    ['reason', 'idle_timeout'],
    ['lastSeen', { before: 30 * minute }],
    ['as_of', Date.UTC(2026, 10, 21, 14, 5)],
  ])
  assert.deepEqual(termsOf('  \t '), [])
  assert.deepEqual(termsOf('user:guest'), [{ field: 'user', value: null }])
  assert.deepEqual(termsOf('user:"guest"'), [{ field: 'user', value: 'guest' }])
  assert.deepEqual(termsOf('device.browser:"Samsung Internet"  role:a role:b').length, 3)
  assert.deepEqual(
    termsOf('created>=2026-11-21T15:05+01:00 created<now').map((term) => term.value),
    [{ at: Date.UTC(2026, 10, 21, 14, 5) }, { before: 0 }],
  )
})

test('a filter that does not read is refused at its place, with what was expected and what stands there', () => {
  const cases: readonly (readonly [text: string, at: number, expected: RegExp, got: string])[] = [
    ['stat:active', 0, /one of state, user, ip/, 'stat'],
    ['state:active lastseen<now', 13, /lastSeen/, 'lastseen'],
    ['state=active', 5, /':'/, '=active'],
    ['state:dead', 6, /one of active, live/, 'dead'],
    ['state:', 6, /one of active/, ''],
    ['reason:fired', 7, /idle_timeout/, 'fired'],
    ['ip:10.0.0.0/33', 3, /address or a network/, '10.0.0.0/33'],
    ['ip:10.0.0', 3, /address or a network/, '10.0.0'],
    ['ip:fe80::1%eth0', 3, /address or a network/, 'fe80::1%eth0'],
    ['ip:::/129', 3, /address or a network/, '::/129'],
    ['lastSeen:now', 8, /'<'/, ':now'],
    ['lastSeen<soon', 9, /now, now-30m/, 'soon'],
    ['lastSeen<now-30', 9, /now-30m/, 'now-30'],
    ['lastSeen<now-30m-1h', 9, /now-30m/, 'now-30m-1h'],
    ['as_of:2026-11-21T14:05', 6, /with its zone/, '2026-11-21T14:05'],
    ['as_of:2026-02-30T14:05Z', 6, /with its zone/, '2026-02-30T14:05Z'],
    ['as_of:2026-11-21', 6, /with its zone/, '2026-11-21'],
    ['user:"Ada', 9, /closing/, ''],
    ['user:"Ada"x', 10, /a blank/, 'x'],
    ['user:A"da"', 6, /quotes around/, '"da"'],
    ['user:', 5, /an id/, ''],
    ['user:a user:b', 7, /user once/, 'user:b'],
    ['lastSeen<now lastSeen<=now-1h', 13, /once/, 'lastSeen<=now-1h'],
    ['state:active or user:a', 13, /one of state/, 'or'],
    [';drop', 0, /one of state/, ';drop'],
    ['toString:x', 0, /one of state/, 'toString'],
  ]
  for (const [text, at, expected, got] of cases) {
    const fault = faultOf(text)
    assert.deepEqual([fault.at, fault.got], [at, got], text)
    assert.match(fault.expected, expected, text)
  }
  assert.equal(faultSentence(faultOf('ip:x')).startsWith('at 4: expected an address'), true)
  assert.match(faultSentence(faultOf('state:')), /got the end$/)
})

test('a filter has at most 500 characters and 20 conditions', () => {
  assert.equal(termsOf(`user:"${'x'.repeat(256)}"${' '.repeat(237)}`).length, 1)
  assert.equal(faultOf(`user:"${'x'.repeat(256)}"${' '.repeat(238)}`).at, 500)
  const roles = Array.from({ length: 20 }, (_, i) => `role:r${i}`).join(' ')
  assert.equal(termsOf(roles).length, 20)
  assert.match(faultOf(`${roles} role:x`).expected, /20 conditions/)
  assert.match(faultOf(`user:${'x'.repeat(257)}`).expected, /id/)
})
