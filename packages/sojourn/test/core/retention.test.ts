import assert from 'node:assert/strict'
import test from 'node:test'
import { day } from '../../src/core/duration.ts'
import { minimiseBefore, minimised, purgeBefore } from '../../src/core/retention.ts'
import { aSession, hour, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

/** Whether a session that ended at `start` is before a moment that the policy draws, `elapsed` later. */
function isPast(draw: typeof purgeBefore, policy: Parameters<typeof policyOf>[0], elapsed: number): boolean {
  return start < draw(policyOf(policy), start + elapsed)
}

test('SLI-26 P-12 an ended session is kept at T, and purged one millisecond later', () => {
  assert.ok(!isPast(purgeBefore, { retention: '30d' }, 30 * day))
  assert.ok(isPast(purgeBefore, { retention: '30d' }, 30 * day + 1))
})

test('P-12 an ended session keeps what tells of a person for a week, and loses it one millisecond later', () => {
  assert.ok(!isPast(minimiseBefore, {}, 7 * day))
  assert.ok(isPast(minimiseBefore, {}, 7 * day + 1))
  assert.ok(!isPast(minimiseBefore, { minimiseAfter: '1d' }, day))
  assert.ok(isPast(minimiseBefore, { minimiseAfter: '1d' }, day + 1))
  assert.ok(isPast(minimiseBefore, { minimiseAfter: 0 }, 1))
})

test('P-12 minimised: who it was, when and why it ended stay; address, browser and fingerprint are gone', () => {
  const session = aSession({
    fingerprint: 'ua-exact:a',
    endedAt: start + hour,
    endReason: 'admin_revoked',
    endedBy: 'admin',
  })
  const { ip, userAgent, fingerprint, ...rest } = minimised(session)
  assert.deepEqual([ip, userAgent, fingerprint], [null, null, null])
  assert.deepEqual({ ...session, ...rest }, session)
  assert.deepEqual(Object.keys(minimised(session)), Object.keys(session), 'all records have one shape')
  assert.ok(Object.isFrozen(minimised(session)))
  assert.equal(session.ip, '203.0.113.7')
})

test('a longer time than the retention is refused; the default gives way', () => {
  assert.throws(() => policyOf({ retention: '5d', minimiseAfter: '6d' }), {
    message: 'policy.minimiseAfter: expected at most the retention, 5d, got "6d"',
  })
  assert.equal(policyOf({ retention: '5d', minimiseAfter: '5d' }).minimiseAfter, 5 * day)
  assert.equal(minimiseBefore(policyOf({ retention: '1d' }), start), start - day)
  assert.equal(minimiseBefore(policyOf({ retention: 0 }), start), start)
})
