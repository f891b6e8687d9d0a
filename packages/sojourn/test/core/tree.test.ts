import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { linkedExpiry } from '../../src/core/tree.ts'

test('R-27 a linked session never outlives its parent or its identity provider', () => {
  const none = { own: null, parent: null, identityProvider: null }
  assert.deepEqual(linkedExpiry(none), { at: null, reason: 'absolute_timeout' })
  assert.deepEqual(linkedExpiry({ ...none, own: 5 }), { at: 5, reason: 'absolute_timeout' })
  assert.deepEqual(linkedExpiry({ ...none, parent: 5 }), { at: 5, reason: 'idp_expired' })
  assert.deepEqual(linkedExpiry({ ...none, identityProvider: 5 }), { at: 5, reason: 'idp_expired' })
  assert.deepEqual(linkedExpiry({ own: 6, parent: 7, identityProvider: 5 }), { at: 5, reason: 'idp_expired' })
  assert.deepEqual(linkedExpiry({ own: 6, parent: 5, identityProvider: null }), {
    at: 5,
    reason: 'idp_expired',
  })
})

test('R-27 at a tie it is its own', () => {
  assert.equal(linkedExpiry({ own: 5, parent: 5, identityProvider: 5 }).reason, 'absolute_timeout')
  assert.equal(linkedExpiry({ own: 5, parent: 4, identityProvider: 9 }).reason, 'idp_expired')
})

test('R-27 the life of a linked session is the shortest of the three', () => {
  const bound = fc.option(fc.nat(), { nil: null })
  fc.assert(
    fc.property(bound, bound, bound, (own, parent, identityProvider) => {
      const { at } = linkedExpiry({ own, parent, identityProvider })
      const set = [own, parent, identityProvider].filter((moment) => moment !== null)
      assert.equal(at, set.length === 0 ? null : Math.min(...set))
    }),
  )
})
