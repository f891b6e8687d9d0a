import assert from 'node:assert/strict'
import test from 'node:test'
import { type Credential, endsAtChange } from '../../src/core/credential-change.ts'
import { policyOf } from './policy-of.ts'

const credentials: readonly Credential[] = ['password', 'email', 'phone', 'mfa']
const reason = 'credential_changed'

test('R-21 a change by somebody who is logged in ends all other sessions', () => {
  for (const credential of credentials)
    assert.deepEqual(endsAtChange({ credential, how: 'in-session', current: 's-1' }, policyOf({})), {
      reason,
      except: 's-1',
    })
})

test('PCA-07 R-21 a reset ends every session, also the one in whose browser it was made', () => {
  for (const credential of credentials)
    assert.deepEqual(endsAtChange({ credential, how: 'reset', current: 's-1' }, policyOf({})), { reason })
})

test('PCA-07 at an authorization server a new password, address or number ends all', () => {
  const ends = (credential: Credential) =>
    endsAtChange({ credential, how: 'in-session', current: 's-1' }, policyOf('oidc'))
  assert.deepEqual(credentials.map(ends), [{ reason }, { reason }, { reason }, { reason, except: 's-1' }])
})

test('each credential has an option of its own', () => {
  for (const [credential, option] of [
    ['password', 'onPasswordChange'],
    ['email', 'onEmailChange'],
    ['phone', 'onPhoneChange'],
    ['mfa', 'onMfaChange'],
  ] as const) {
    const policy = policyOf({ [option]: 'all' })
    for (const other of credentials)
      assert.equal(
        'except' in endsAtChange({ credential: other, how: 'in-session', current: 's-1' }, policy),
        other !== credential,
      )
  }
})

test('ROD-31 without a current session all end', () => {
  const change = { credential: 'password', how: 'in-session', current: null } as const
  assert.deepEqual(endsAtChange(change, policyOf({})), { reason })
})
