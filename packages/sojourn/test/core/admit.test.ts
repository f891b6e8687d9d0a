import assert from 'node:assert/strict'
import test from 'node:test'
import { admit } from '../../src/core/admit.ts'
import { policyOf } from './policy-of.ts'

test('unlimited is the default, and counts nothing', () => {
  assert.deepEqual(admit(policyOf({})), { may: 'start' })
  assert.deepEqual(admit(policyOf({ limit: 'unlimited' })), { may: 'start' })
})

test('SLI-16 a limit of 0 closes the door before any row is looked at', () => {
  assert.deepEqual(admit(policyOf({ limit: 0 })), { may: 'closed' })
  assert.deepEqual(admit(policyOf({ limit: 0, onExceed: 'deny' })), { may: 'closed' })
})

test('a limit of n evicts, or refuses where the policy says so', () => {
  assert.deepEqual(admit(policyOf({ limit: 3 })), { may: 'start', limit: { most: 3, onExceed: 'evict' } })
  assert.deepEqual(admit(policyOf({ limit: 1, onExceed: 'deny' })), {
    may: 'start',
    limit: { most: 1, onExceed: 'refuse' },
  })
})

test('ask-user: the limit refuses, and the login waits for a choice', () => {
  assert.deepEqual(admit(policyOf({ limit: 2, onExceed: 'ask-user' })), {
    may: 'start',
    limit: { most: 2, onExceed: 'refuse' },
    ask: true,
  })
  assert.deepEqual(admit(policyOf({ limit: 0, onExceed: 'ask-user' })), { may: 'closed' })
  assert.deepEqual(admit(policyOf({ onExceed: 'ask-user' })), { may: 'start' })
})

test('null inherits', () => {
  assert.equal(policyOf({ limit: null }).limit, 'unlimited')
  assert.equal(policyOf({ extends: 'aurora', limit: null }).limit, 'unlimited')
})
