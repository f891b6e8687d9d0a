import assert from 'node:assert/strict'
import test from 'node:test'
import { awaitsChoice, choiceOf, judgeChoice } from '../../src/core/pending-login.ts'
import { aSession, minute, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

const pending = aSession({ id: 'waiting', activatedAt: null, expiresAt: start + 10 * minute })

test('a login at the limit is asked to end as many sessions as there are too many', () => {
  const live = [aSession(), aSession(), aSession()]
  assert.deepEqual(choiceOf({ most: 3 }, live), { toEnd: 1, sessions: live })
  assert.deepEqual(choiceOf({ most: 1 }, live), { toEnd: 3, sessions: live })
  assert.equal(choiceOf({ most: 4 }, live).toEnd, 0, 'one ended meanwhile')
})

test('a login waits for ten minutes, unless the policy says otherwise', () => {
  assert.equal(policyOf({}).pendingTimeout, 10 * minute)
  assert.ok(awaitsChoice(pending, start + 10 * minute))
  assert.ok(!awaitsChoice(pending, start + 10 * minute + 1))
})

test('A-07 only a login that waits may choose: no guest, no live session, no login that has ended', () => {
  const own = aSession()
  for (const other of [
    aSession(),
    aSession({ subject: null }),
    aSession({ subject: null, activatedAt: null }),
    aSession({ activatedAt: null, endedAt: start, endReason: 'user_logout' }),
  ]) {
    assert.ok(!awaitsChoice(other, start))
    assert.equal(judgeChoice(other, own, start), 'not_waiting')
  }
})

test('A-37 it may end live sessions of its own subject, and does not learn of any other', () => {
  assert.equal(judgeChoice(pending, aSession(), start), 'end')
  for (const other of [
    undefined,
    aSession({ subject: 'u-2' }),
    aSession({ subject: null }),
    aSession({ realm: 'staff' }),
    aSession({ endedAt: start, endReason: 'user_logout' }),
    aSession({ activatedAt: null }),
    pending,
  ])
    assert.equal(judgeChoice(pending, other, start), 'not_found')
  const idle = aSession({ idleTimeout: minute, expiresAt: null })
  assert.equal(judgeChoice(pending, idle, start + minute), 'end')
  assert.equal(judgeChoice(pending, idle, start + minute + 1), 'not_found')
})
