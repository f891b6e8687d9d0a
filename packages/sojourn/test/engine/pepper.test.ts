import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashSecret, peppersOf } from '../../src/engine/pepper.ts'

test('ROD-11 P-09 what is stored of a secret cannot be computed without the secret of the install', () => {
  const [one, other] = ['1', '2'].map((letter) => peppersOf(letter.repeat(32))[0])
  assert.ok(one && other)
  const digest = (pepper: typeof one): string =>
    hashSecret(pepper, 'session', 'abc').slice(pepper.name.length)
  assert.equal(digest(one), digest(one))
  assert.notEqual(digest(one), digest(other), 'beyond the name of the pepper, too')
})
