import assert from 'node:assert/strict'
import test from 'node:test'
import { minute, start } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

const policy = {
  requireInitiated: true,
  fingerprint: 'ua-exact',
  idleTimeout: null,
  absoluteTimeout: null,
} as const
const good = { idleTimeout: 15 * minute, fingerprint: 'ua-exact:browser' }
const request = { userAgent: 'browser', passive: true }

test('a session that was properly begun stands', () => {
  assert.equal(timeline({ policy, session: good, request }).at(minute), 'accept')
})

test('JAD-23 a session without an expiry is ended on access', () => {
  const none = { ...good, idleTimeout: null, expiresAt: null }
  assert.equal(timeline({ policy, session: none, request }).at(minute), 'maintenance')
  const absolute = { ...none, expiresAt: start + 15 * minute }
  assert.equal(timeline({ policy, session: absolute, request }).at(minute), 'accept')
})

test('JAD-26 a session that was not initiated, or has no fingerprint, is ended on access', () => {
  for (const session of [
    { ...good, activatedAt: null },
    { ...good, fingerprint: null },
  ]) {
    const { at, over } = timeline({ policy, session, request })
    assert.equal(at(minute), 'maintenance')
    assert.equal(over(minute), minute)
  }
})

test('a policy that takes no fingerprint asks for none', () => {
  const session = { ...good, fingerprint: null }
  assert.equal(
    timeline({ policy: { ...policy, fingerprint: 'none' }, session, request }).at(minute),
    'accept',
  )
})

test('it is not asked for unless the policy says so', () => {
  const session = { ...good, activatedAt: null, fingerprint: null }
  const { at } = timeline({ policy: { ...policy, requireInitiated: false }, session, request })
  assert.equal(at(minute), 'accept')
})
