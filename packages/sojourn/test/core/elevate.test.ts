import assert from 'node:assert/strict'
import test from 'node:test'
import { requireFresh } from '../../src/core/assurance.ts'
import { decide } from '../../src/core/decide.ts'
import { assuranceRestored, elevate } from '../../src/core/elevate.ts'
import type { Session } from '../../src/core/session.ts'
import { aSession, hour, minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const policy = policyOf({ idleTimeout: null, absoluteTimeout: '12h' })
const session: Session = { ...aSession({ idleTimeout: null }), factors: [{ amr: 'pwd', at: start }] }
const at = start + 2 * hour

test('R-09 only a verified factor raises the assurance, and nothing lowers it', () => {
  const raised = elevate(session, { amr: ['otp'], assurance: 2 }, policy, at)
  assert.equal(raised.assurance, 2)
  assert.deepEqual(raised.amr, ['pwd', 'otp'])
  assert.deepEqual(raised.factors, [
    { amr: 'pwd', at: start },
    { amr: 'otp', at },
  ])
  const again = elevate({ ...session, ...raised }, { amr: ['pwd'], assurance: 1 }, policy, at + minute)
  assert.equal(again.assurance, 2)
  assert.deepEqual(again.factors, [
    { amr: 'otp', at },
    { amr: 'pwd', at: at + minute },
  ])
  assert.deepEqual(again.amr, ['otp', 'pwd'])
})

test('R-08 R-09 what a refresh token restores is of the first level, never higher', () => {
  assert.deepEqual(([0, 1, 2, 3] as const).map(assuranceRestored), [0, 1, 1, 1])
})

test('a restored session that proves a factor is restored no longer, and fresh', () => {
  const restored: Session = { ...session, restored: true, authenticatedAt: start - 300 * hour }
  const raised = elevate(restored, { amr: ['pwd'], assurance: 1 }, policy, at)
  assert.equal(raised.restored, false)
  assert.ok(requireFresh({ ...restored, ...raised }, { maxAge: 0 }, at).ok)
})

test('R-15 verifying a factor starts the absolute timeout anew: over at T + 1 ms from then', () => {
  const raised = { ...session, ...elevate(session, { amr: ['pwd'], assurance: 1 }, policy, at) }
  const facts = {
    session: raised,
    watermark: null,
    request: { ip: null, userAgent: null, passive: true },
  }
  assert.equal(decide(facts, policy, at + 12 * hour).next, 'accept')
  const over = decide(facts, policy, at + 12 * hour + 1)
  assert.ok(over.next === 'end' && over.reason === 'absolute_timeout')
  assert.equal(over.endedAt, at + 12 * hour)
})

test('R-15 a session whose life another one bounds is not prolonged', () => {
  for (const bound of [{ parent: 's-0' }, { actor: 'admin' }])
    assert.equal(
      elevate({ ...session, ...bound }, { amr: ['pwd'], assurance: 1 }, policy, at).expiresAt,
      session.expiresAt,
    )
  assert.equal(
    elevate(session, { amr: ['pwd'], assurance: 1 }, policyOf({ absoluteTimeout: null }), at).expiresAt,
    null,
  )
})
