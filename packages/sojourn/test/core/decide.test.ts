import assert from 'node:assert/strict'
import test from 'node:test'
import { decide } from '../../src/core/decide.ts'
import { explain } from '../../src/core/explain.ts'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

const idle = { idleTimeout: '1h', absoluteTimeout: null } as const
const strict = { ...idle, fingerprint: 'ua-exact', onFingerprintChange: 'end' } as const
const stolen = { session: { fingerprint: 'ua-exact:before' }, request: { userAgent: 'after' } } as const

test('the rule whose moment came first gives the reason', () => {
  const absolute = { expiresAt: start + 30 * minute }
  assert.equal(timeline({ policy: idle, session: absolute }).at(2 * hour), 'absolute_timeout')
  const later = { expiresAt: start + 90 * minute }
  assert.equal(timeline({ policy: idle, session: later }).at(2 * hour), 'idle_timeout')
})

test('of two timeouts at one moment the absolute one, which stands higher, gives the reason', () => {
  const session = { expiresAt: start + hour }
  assert.equal(timeline({ policy: idle, session }).at(hour + 1), 'absolute_timeout')
})

test('a session that was over before another browser came ended by that, not by the browser', () => {
  const { at, over } = timeline({ policy: strict, ...stolen })
  assert.equal(at(59 * minute), 'fingerprint_mismatch')
  assert.equal(at(61 * minute), 'idle_timeout')
  assert.equal(over(61 * minute), hour)
})

test('a watermark of the past comes before another browser of now', () => {
  const watermark = { at: start + minute, reason: 'credential_changed' } as const
  const { at, over } = timeline({ policy: strict, watermark, ...stolen })
  assert.equal(at(5 * minute), 'credential_changed')
  assert.equal(over(5 * minute), minute)
})

test('of two checks at one moment the one that stands higher gives the reason', () => {
  const watermark = { at: start + 5 * minute, reason: 'credential_changed' } as const
  const { at } = timeline({ policy: strict, watermark, ...stolen })
  assert.equal(at(5 * minute), 'credential_changed')
  const careless = timeline({
    policy: { ...strict, requireInitiated: true },
    ...stolen,
    session: { ...stolen.session, activatedAt: null },
  })
  assert.equal(careless.at(minute), 'maintenance')
})

test('an ended session stays ended, with its first reason and moment, whatever the rules say now', () => {
  const session = { endedAt: start + minute, endReason: 'user_logout' } as const
  const { at, over } = timeline({ policy: idle, session })
  assert.equal(at(0), 'user_logout')
  assert.equal(at(9 * hour), 'user_logout')
  assert.equal(over(9 * hour), minute)
})

test('a record that ended without a word for it is ended all the same', () => {
  assert.equal(timeline({ session: { endedAt: start } }).at(minute), 'maintenance')
})

test('a caution goes with the answer; an end needs none', () => {
  const { verdict } = timeline({ policy: { ...idle, fingerprint: 'ua-exact' }, ...stolen })
  const found = verdict(minute)
  assert.ok(found.next !== 'end')
  assert.deepEqual(found.caution, { action: 'log', reason: 'fingerprint_mismatch' })
  assert.deepEqual(verdict(61 * minute), { next: 'end', reason: 'idle_timeout', endedAt: start + hour })
})

test('explain gives the verdict of decide, and what each rule said, in their order', () => {
  const watermark = { at: start - 1, reason: 'bulk_revoked' } as const
  const session = { ...stolen.session, expiresAt: start + 8 * hour }
  const { facts, policy } = timeline({ policy: strict, watermark, ...stolen, session })
  const now = start + minute
  assert.deepEqual(explain(facts, policy, now), {
    verdict: decide(facts, policy, now),
    trace: [
      { rule: 'not-before', finding: null },
      { rule: 'initiated', finding: null },
      { rule: 'fingerprint', finding: { action: 'end', reason: 'fingerprint_mismatch', at: now } },
      { rule: 'absolute-timeout', reason: 'absolute_timeout', deadline: start + 8 * hour },
      { rule: 'idle-timeout', reason: 'idle_timeout', deadline: start + hour },
    ],
  })
})
