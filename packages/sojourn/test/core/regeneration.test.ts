import assert from 'node:assert/strict'
import test from 'node:test'
import { judgeReplaced } from '../../src/core/rules/regeneration.ts'
import { aSession, minute, second, start } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'
import { timeline } from './timeline.ts'

test('a token is due for replacement once its interval has passed', () => {
  const { at } = timeline({ policy: { idleTimeout: '1h', regenerateEvery: '5m' } })
  assert.equal(at(5 * minute), 'touch')
  assert.equal(at(5 * minute + 1), 'regenerate')
})

test('a passive request replaces no token', () => {
  const { at } = timeline({
    policy: { idleTimeout: '1h', regenerateEvery: '5m' },
    request: { passive: true },
  })
  assert.equal(at(20 * minute), 'accept')
})

test('null: a token is replaced at login alone', () => {
  assert.equal(timeline({ policy: { idleTimeout: '1h' } }).at(59 * minute), 'touch')
})

test('an end comes before a replacement', () => {
  const { at } = timeline({ policy: { idleTimeout: '1h', regenerateEvery: '5m' } })
  assert.equal(at(60 * minute + 1), 'idle_timeout')
})

const policy = policyOf({ regenerationGrace: '20s' })
const session = aSession({ regeneratedAt: start })

test('A-04 until its successor was used a replaced token is a lost answer, however late', () => {
  for (const after of [0, 20 * second, 20 * second + 1, 900 * minute])
    assert.equal(judgeReplaced(session, false, policy, start + after), 'lost_response')
})

test('A-04 from then on it works for the grace period, counted from its replacement, and is a copy later', () => {
  assert.equal(judgeReplaced(session, true, policy, start), 'grace')
  assert.equal(judgeReplaced(session, true, policy, start + 20 * second), 'grace')
  assert.equal(judgeReplaced(session, true, policy, start + 20 * second + 1), 'reused')
})

test('no grace at all: a replaced token works in its millisecond', () => {
  const none = policyOf({ regenerationGrace: 0 })
  assert.equal(judgeReplaced(session, true, none, start), 'grace')
  assert.equal(judgeReplaced(session, true, none, start + 1), 'reused')
})
