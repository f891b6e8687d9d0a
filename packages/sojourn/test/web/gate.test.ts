import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFreshLogin } from '../../src/web/gate.ts'

test('R-29 how fresh a login must be is read at construction, and refused with its path', () => {
  assert.deepEqual(readFreshLogin({ maxAge: '10m', assurance: 2 }), { maxAge: 600_000, assurance: 2 })
  assert.deepEqual(readFreshLogin({ maxAge: 0 }), { maxAge: 0 }, 'only in the millisecond of the login')
  assert.deepEqual(readFreshLogin({ amr: ['otp'] }), { amr: ['otp'] })
  for (const maxAge of ['10', 'soon', -1, NaN, null] as unknown as '1m'[])
    assert.throws(() => readFreshLogin({ maxAge }), {
      code: 'invalid_option',
      message: /^requireFresh\.maxAge: expected a duration/,
    })
})
