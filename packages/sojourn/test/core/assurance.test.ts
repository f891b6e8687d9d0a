import assert from 'node:assert/strict'
import test from 'node:test'
import { type Authentication, challengeOf, requireFresh } from '../../src/core/assurance.ts'
import { minute, second, start } from '../../src/testing/fixtures.ts'

/** Logged in with a password at `start`, and with a code an hour before. */
const session: Authentication = {
  subject: 'u-1',
  assurance: 1,
  authenticatedAt: start,
  factors: [
    { amr: 'otp', at: start - 60 * minute },
    { amr: 'pwd', at: start },
  ],
}
const guest: Authentication = { subject: null, assurance: 0, authenticatedAt: null, factors: [] }

test('R-29 P-20 fresh at 5:00.000, stale one millisecond later', () => {
  const need = { maxAge: 5 * minute }
  assert.deepEqual(requireFresh(session, need, start + 5 * minute), { ok: true })
  assert.deepEqual(requireFresh(session, need, start + 5 * minute + 1), {
    ok: false,
    error: 'insufficient_user_authentication',
    reason: 'reauth_required',
    max_age: 300,
    authenticated_at: start,
  })
})

test('P-20 freshness is asked for each act: what asks nothing is always answered', () => {
  assert.deepEqual(requireFresh(session, {}, start + 1_000_000 * minute), { ok: true })
})

test('R-29 too low an assurance asks for a step up, and names all that is needed', () => {
  const need = { maxAge: 90 * second, assurance: 2 } as const
  assert.deepEqual(requireFresh(session, need, start), {
    ok: false,
    error: 'insufficient_user_authentication',
    reason: 'step_up_required',
    max_age: 90,
    acr_values: 'aal2',
    authenticated_at: start,
  })
  assert.deepEqual(requireFresh({ ...session, assurance: 2 }, need, start), { ok: true })
  assert.deepEqual(requireFresh({ ...session, assurance: 3 }, need, start), { ok: true })
})

test('R-29 a certain factor, with its own time', () => {
  const need = { maxAge: 5 * minute, amr: ['otp', 'hwk'] }
  const answer = requireFresh(session, need, start)
  assert.ok(!answer.ok && answer.reason === 'reauth_required')
  assert.deepEqual(answer.amr_values, ['otp', 'hwk'])
  assert.ok(requireFresh(session, { amr: ['otp'] }, start).ok)
  assert.ok(requireFresh(session, { ...need, amr: ['pwd', 'otp'] }, start + 5 * minute).ok)
  const without = requireFresh(session, { amr: ['hwk'] }, start)
  assert.ok(!without.ok && without.reason === 'step_up_required')
})

test('a guest has to log in', () => {
  const answer = requireFresh(guest, { maxAge: minute }, start)
  assert.ok(!answer.ok)
  assert.equal(answer.reason, 'reauth_required')
  assert.equal(answer.authenticated_at, null)
  assert.ok(!requireFresh(guest, {}, start).ok)
})

test('a session that a check is wary of is not fresh for anything', () => {
  const answer = requireFresh(session, {}, start, 'fingerprint_mismatch')
  assert.ok(!answer.ok && answer.reason === 'reauth_required')
})

test('seconds are rounded down: nobody is told to be fresher than asked, nor less', () => {
  const answer = requireFresh(session, { maxAge: 1_999 }, start + 2_000)
  assert.ok(!answer.ok)
  assert.equal(answer.max_age, 1)
})

test('the challenge is that of RFC 9470', () => {
  const stale = requireFresh(session, { maxAge: 5 * minute }, start + 6 * minute)
  const low = requireFresh(session, { assurance: 3 }, start)
  assert.ok(!stale.ok && !low.ok)
  assert.equal(
    challengeOf(stale),
    'Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="300"',
  )
  assert.equal(
    challengeOf(low, 'Session'),
    'Session error="insufficient_user_authentication", error_description="Stronger authentication is required", acr_values="aal3"',
  )
})
