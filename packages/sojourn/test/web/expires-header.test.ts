import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionExpires } from '../../src/web/expires-header.ts'

test('Session-Expires is a dictionary of RFC 9651 with all its members', () => {
  const now = Date.UTC(2026, 0, 1)
  assert.equal(
    sessionExpires({ idle: now + 1, absolute: now + 2, now }),
    `idle=${now + 1}, absolute=${now + 2}, now=${now}`,
  )
  assert.equal(sessionExpires({ idle: null, absolute: null, now: 0 }), 'idle=?0, absolute=?0, now=0')
  // An integer of RFC 9651 has at most 15 digits.
  const last = Date.UTC(9999, 11, 31)
  for (const member of sessionExpires({ idle: last, absolute: last, now: last }).split(', '))
    assert.match(member, /^[a-z]+=\d{1,15}$/)
})
