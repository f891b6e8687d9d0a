import assert from 'node:assert/strict'
import test from 'node:test'
import type { PolicyInput } from '../../src/core/layers.ts'
import { policyWarnings } from '../../src/core/warnings.ts'
import { Policies } from '../../src/engine/policies.ts'
import { hour, minute } from '../../src/testing/fixtures.ts'
import { policyOf } from './policy-of.ts'

function warned(policy: PolicyInput): readonly string[] {
  return policyWarnings(policyOf(policy))
}

test('R-14 the presets keep what their level demands and what it advises', () => {
  for (const preset of ['aal1', 'aal2', 'aal3'] as const) {
    assert.deepEqual(warned(preset), [], preset)
    assert.equal(policyOf(preset).aal, preset)
  }
  assert.equal(policyOf('aal1').absoluteTimeout, 30 * 24 * hour)
  assert.equal(policyOf('aal2').absoluteTimeout, 24 * hour)
  assert.equal(policyOf('aal2').idleTimeout, hour)
  assert.equal(policyOf('aal3').absoluteTimeout, 12 * hour)
  assert.equal(policyOf('aal3').idleTimeout, 15 * minute)
})

test('R-14 above what a level demands a policy is refused', () => {
  assert.throws(() => policyOf({ extends: 'aal3', absoluteTimeout: 12 * hour + 1 }), {
    code: 'invalid_option',
    message:
      'policy.absoluteTimeout: expected at most 12h, which NIST SP 800-63B-4 demands at AAL3, got "12h1ms"',
  })
  assert.throws(() => policyOf({ extends: 'aal3', absoluteTimeout: null }), /expected at most 12h/)
  for (const preset of ['aal1', 'aal2'] as const)
    assert.throws(() => policyOf({ extends: preset, absoluteTimeout: null }), {
      message: `policy.absoluteTimeout: expected a limit, which NIST SP 800-63B-4 demands at ${preset.toUpperCase()}, got "no limit"`,
    })
})

test('R-14 above what a level advises a policy works, with a warning; at the limit without', () => {
  assert.deepEqual(warned({ extends: 'aal2', absoluteTimeout: '24h', idleTimeout: '1h' }), [])
  assert.deepEqual(warned({ extends: 'aal2', absoluteTimeout: 24 * hour + 1, idleTimeout: '2h' }), [
    'policy.absoluteTimeout is 1d1ms; NIST SP 800-63B-4 at AAL2 advises at most 1d',
    'policy.idleTimeout is 2h; NIST SP 800-63B-4 at AAL2 advises at most 1h',
  ])
  assert.deepEqual(warned({ extends: 'aal3', idleTimeout: null }), [
    'policy.idleTimeout is no limit; NIST SP 800-63B-4 at AAL3 advises at most 15m',
  ])
  assert.deepEqual(warned({ extends: 'aal1', absoluteTimeout: '31d', idleTimeout: null }), [
    'policy.absoluteTimeout is 31d; NIST SP 800-63B-4 at AAL1 advises at most 30d',
  ])
})

test('R-08 R-14 remembered devices and cookies that stay are noted', () => {
  assert.deepEqual(warned({ extends: 'aal2', rememberFor: '30d', cookiePersistent: true }), [
    'policy.cookiePersistent is true; NIST SP 800-63B-4 at AAL2 advises cookies that go with the browser',
    'policy.rememberFor is 30d; a remembered device is let in again at AAL1, below NIST SP 800-63B-4 at AAL2',
  ])
  assert.deepEqual(warned({ extends: 'aal1', rememberFor: '30d' }), [])
})

test('who claims no level is held to none', () => {
  assert.deepEqual(warned({ idleTimeout: null, absoluteTimeout: null, cookiePersistent: true }), [])
})

test('R-14 a role may be held to a level of its own', () => {
  const layer = {
    idleTimeout: '2h',
    absoluteTimeout: '7d',
    roles: { administrator: { aal: 'aal3' } },
  } as const
  assert.equal(new Policies({ ...layer, roles: {} }).base.aal, 'none')
  assert.throws(() => new Policies(layer), /^SessionError: policy\.absoluteTimeout: expected at most 12h/)
})

test('a policy hears of its long forms in the same list', () => {
  assert.deepEqual(
    warned({ extends: 'jadu', formTimeout: '20m' }).map((text) => text.slice(0, 18)),
    ['policy.formTimeout'],
  )
})
