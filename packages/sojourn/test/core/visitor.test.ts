import assert from 'node:assert/strict'
import test from 'node:test'
import { day } from '../../src/core/duration.ts'
import { endReasons } from '../../src/core/session.ts'
import {
  formatVisitor,
  nextVisitor,
  parseVisitor,
  type Visitor,
  type VisitorFacts,
  visitorMaxAge,
} from '../../src/core/visitor.ts'
import { parseToken } from '../../src/engine/token.ts'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const policy = policyOf({})
const uid = 'abcdefghijklmnopqrst-_'
const visitor: Visitor = { uid, issuedAt: start }
const nothing: VisitorFacts = { ended: null, loggedOut: false }

/** The visitor after a request at `start + elapsed`: `kept`, or the new one. */
function next(facts: Partial<VisitorFacts>, elapsed: number, current: Visitor | undefined = visitor) {
  return nextVisitor(current, { ...nothing, ...facts }, policy, start + elapsed, 'fresh'.padEnd(22, '0'))
}
const ended = (reason: (typeof endReasons)[number], elapsed: number, subject: string | null = 'u-1') => ({
  ended: { subject, reason, at: start + elapsed },
})

test('AUR-08 AUR-09 a visitor id stays from order to order, also across a login', () => {
  assert.equal(next({}, day), visitor)
  assert.equal(next(ended('upgraded', day), day), visitor)
  assert.equal(next(ended('replaced_at_login', day), day), visitor)
  assert.equal(next(ended('remember_restored', day), day), visitor)
})

test('AUR-08 another browser is another visitor', () => {
  assert.deepEqual(nextVisitor(undefined, nothing, policy, start, uid), { uid, issuedAt: start })
  assert.notEqual(next({}, 0, { uid: 'x'.repeat(22), issuedAt: start }).uid, uid)
})

test('AUR-10 an explicit logout renews it', () => {
  const after = next({ loggedOut: true }, hour)
  assert.notEqual(after.uid, uid)
  assert.equal(next({}, hour + 1, after), after, 'once')
  assert.equal(
    next(ended('user_logout', hour), hour, after),
    after,
    'also where the old cookie comes once more in the same millisecond',
  )
})

test('AUR-10 an automatic logout renews it, exactly once', () => {
  const after = next(ended('idle_timeout', hour), 5 * hour)
  assert.notEqual(after.uid, uid)
  assert.equal(after.issuedAt, start + 5 * hour)
  assert.equal(next(ended('idle_timeout', hour), 6 * hour, after), after)
})

test('AUR-10 whoever was logged out gets a new one, by whatever reason', () => {
  const keeps = endReasons.filter((reason) => next(ended(reason, hour), hour) === visitor)
  assert.deepEqual(keeps, ['replaced_at_login', 'upgraded', 'remember_restored'])
})

test("the end of a guest's session logs nobody out", () => {
  assert.equal(next(ended('idle_timeout', hour, null), 5 * hour), visitor)
})

test('an end from before the visitor id has renewed it already', () => {
  assert.notEqual(next(ended('idle_timeout', 0), 1), visitor, 'at a tie it has not')
  assert.equal(next(ended('idle_timeout', -1), 1), visitor)
})

test('AUR-11 it lasts 365 days from its issue, however much it is used; one millisecond later it is renewed', () => {
  assert.equal(next({}, 364 * day + 23 * hour), visitor)
  assert.equal(next({}, 365 * day), visitor)
  const after = next({}, 365 * day + 1)
  assert.notEqual(after.uid, uid)
  assert.equal(after.issuedAt, start + 365 * day + 1)
})

test('AUR-11 its cookie lives a year from the issue', () => {
  assert.equal(visitorMaxAge(visitor, policy, start), 31_536_000)
  assert.equal(visitorMaxAge(visitor, policy, start + day), 31_536_000 - 86_400)
  assert.equal(visitorMaxAge(visitor, policy, start + 366 * day), 0)
  assert.equal(visitorMaxAge({ uid, issuedAt: start + 90 * second }, policy, start), 31_536_000, 'never more')
  const answering = next({ loggedOut: true }, hour)
  assert.equal(visitorMaxAge(answering, policy, start + hour), 31_536_000)
})

test('a policy may make it shorter, never longer than a year', () => {
  const brief = policyOf({ visitorFor: '30d' })
  assert.equal(nextVisitor(visitor, nothing, brief, start + 30 * day, uid), visitor)
  assert.notEqual(nextVisitor(visitor, nothing, brief, start + 30 * day + 1, uid), visitor)
  assert.throws(() => policyOf({ visitorFor: '366d' }), {
    message: 'policy.visitorFor: expected at most 365d, got "366d"',
  })
})

test('A-27 an id from a node whose clock is ahead stands; one from far ahead was made up', () => {
  assert.equal(next({}, 0, { uid, issuedAt: start + 90 * second }).uid, uid)
  assert.notEqual(next({}, 0, { uid, issuedAt: start + 5 * minute + 1 }).uid, uid)
  const after = next(ended('user_logout', 90 * second), 0)
  assert.notEqual(after.uid, uid)
  assert.equal(
    next(ended('user_logout', 90 * second), 1, after),
    after,
    'a logout by such a node renews once',
  )
})

test('the cookie holds what was issued, and nothing else is read', () => {
  assert.equal(formatVisitor(visitor), `v1.${uid}.${start}`)
  assert.deepEqual(parseVisitor(formatVisitor(visitor)), visitor)
  for (const strange of [
    undefined,
    '',
    uid,
    `v2.${uid}.${start}`,
    `v1.${uid}x.${start}`,
    `v1.${uid.slice(1)}.${start}`,
    `v1.${uid}.`,
    `v1.${uid}.-1`,
    `v1.${uid}.01`,
    `v1.${uid}.1e3`,
    `v1.${uid}.9999999999999999`,
    `v1.${uid}.${start}\n`,
    ` v1.${uid}.${start}`,
    `v1.${uid.replace('a', 'ä')}.${start}`,
  ])
    assert.equal(parseVisitor(strange), undefined, strange)
})

test('A-32 a visitor id is no session token, and a session token no visitor id', () => {
  const tokens = {
    base64url: `${'a'.repeat(22)}.${'b'.repeat(43)}`,
    base32hex: `${'a'.repeat(52)}.${'b'.repeat(52)}`,
  }
  for (const tokenCodec of ['base64url', 'base32hex'] as const) {
    assert.notEqual(parseToken(tokens[tokenCodec], { tokenCodec }), undefined)
    assert.equal(parseVisitor(tokens[tokenCodec]), undefined)
    assert.equal(parseToken(formatVisitor(visitor), { tokenCodec }), undefined)
  }
})
