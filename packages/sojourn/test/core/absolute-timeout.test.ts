import assert from 'node:assert/strict'
import test from 'node:test'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

const idleTimeout = null

test('R-13 the absolute timeout: valid at T, over one millisecond later, however much it is used', () => {
  const { at, over } = timeline({
    policy: { idleTimeout: '1h', absoluteTimeout: '24h' },
    session: { expiresAt: start + 24 * hour, lastSeenAt: start + 24 * hour },
  })
  assert.equal(at(24 * hour), 'accept')
  assert.equal(at(24 * hour + 1), 'absolute_timeout')
  assert.equal(over(30 * hour), 24 * hour)
})

test('null: no absolute timeout', () => {
  const { at } = timeline({ policy: { idleTimeout, absoluteTimeout: null } })
  assert.equal(at(100_000 * hour), 'accept')
})

test('a policy that tightens holds at the next request, one that loosens for new sessions', () => {
  const session = { expiresAt: start + 10 * hour }
  const tightened = timeline({ policy: { idleTimeout, absoluteTimeout: '4h' }, session })
  assert.equal(tightened.at(4 * hour), 'accept')
  assert.equal(tightened.at(4 * hour + 1), 'absolute_timeout')
  const loosened = timeline({ policy: { idleTimeout, absoluteTimeout: '40h' }, session })
  assert.equal(loosened.at(10 * hour), 'accept')
  assert.equal(loosened.at(10 * hour + 1), 'absolute_timeout')
  const dropped = timeline({ policy: { idleTimeout, absoluteTimeout: null }, session })
  assert.equal(dropped.at(10 * hour + 1), 'absolute_timeout')
})

test('no activity carries a session past its absolute limit', () => {
  const { expires } = timeline({
    policy: { idleTimeout: '2h', absoluteTimeout: '24h' },
    session: { expiresAt: start + 24 * hour, lastSeenAt: start + 22.5 * hour },
  })
  assert.equal(expires(23 * hour), 24 * hour)
})

test('R-15 a factor that is verified anew starts the time anew; a restored session is as old as its creation', () => {
  const policy = { idleTimeout, absoluteTimeout: '4h' } as const
  const elevated = timeline({ policy, session: { authenticatedAt: start + hour } })
  assert.equal(elevated.at(5 * hour), 'accept')
  assert.equal(elevated.at(5 * hour + 1), 'absolute_timeout')
  const restored = timeline({ policy, session: { authenticatedAt: start - 100 * hour, restored: true } })
  assert.equal(restored.at(4 * hour), 'accept')
  assert.equal(restored.at(4 * hour + 1), 'absolute_timeout')
  const guest = timeline({ policy, session: { subject: null, authenticatedAt: null, idleTimeout: null } })
  assert.equal(guest.expires(0), 30 * minute)
})
