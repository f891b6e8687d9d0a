import assert from 'node:assert/strict'
import test from 'node:test'
import { hour, minute, second, start } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

test('an hour of inactivity: valid at 60:00.000, over one millisecond later', () => {
  const { at, over } = timeline({ policy: { idleTimeout: '60m', touchEvery: '15m' } })
  assert.equal(at(0), 'accept')
  assert.equal(at(1), 'touch')
  assert.equal(at(60 * minute), 'touch')
  assert.equal(at(60 * minute + 1), 'idle_timeout')
  assert.equal(over(60 * minute + 1), 60 * minute)
  assert.equal(over(9 * hour), 60 * minute, 'it is over since its deadline, whenever somebody looks')
})

test('a lag makes the end late by as much, never early', () => {
  const { at, over } = timeline({ policy: { idleTimeout: '60m' }, session: { lag: 36 * second } })
  assert.equal(at(60 * minute + 36 * second), 'touch')
  assert.equal(at(60 * minute + 36 * second + 1), 'idle_timeout')
  assert.equal(over(2 * hour), 60 * minute + 36 * second)
})

test('a touch is due after touchEvery; until then the lag covers the requests', () => {
  const { at } = timeline({ policy: { idleTimeout: '60m' }, session: { lag: 36 * second } })
  assert.equal(at(36 * second - 1), 'accept')
  assert.equal(at(36 * second), 'touch')
})

test('a touch is due at once where the lag of the record does not cover the request', () => {
  const { at } = timeline({ policy: { idleTimeout: '60m' }, session: { lag: 0 } })
  assert.equal(at(0), 'accept')
  assert.equal(at(1), 'touch')
})

test('touchEvery is a hundredth of the idle timeout, a minute at most', () => {
  const lagging = { session: { lag: minute } }
  assert.equal(timeline({ policy: { idleTimeout: '10m' }, ...lagging }).at(6 * second - 1), 'accept')
  assert.equal(timeline({ policy: { idleTimeout: '10m' }, ...lagging }).at(6 * second), 'touch')
  assert.equal(timeline({ policy: { idleTimeout: '1d' }, ...lagging }).at(minute - 1), 'accept')
  assert.equal(timeline({ policy: { idleTimeout: '1d' }, ...lagging }).at(minute), 'touch')
})

test('null: no idle timeout, and nothing to touch for', () => {
  const { at, expires } = timeline({ policy: { idleTimeout: null, absoluteTimeout: null } })
  assert.equal(at(1000 * hour), 'accept')
  assert.equal(expires(1000 * hour), null)
})

test('a guest is over after the guest idle timeout', () => {
  const { at } = timeline({
    policy: { idleTimeout: '2h', guestIdleTimeout: '30m' },
    session: { subject: null, idleTimeout: 30 * minute },
  })
  assert.equal(at(30 * minute), 'touch')
  assert.equal(at(30 * minute + 1), 'idle_timeout')
})

test('a guest is never idle for longer than a subject may be', () => {
  const { at } = timeline({
    policy: { idleTimeout: '10m', guestIdleTimeout: '30m' },
    session: { subject: null, idleTimeout: 30 * minute },
  })
  assert.equal(at(10 * minute), 'touch')
  assert.equal(at(10 * minute + 1), 'idle_timeout')
})

test('a guest is touched also where subjects have no idle timeout', () => {
  const { at } = timeline({
    policy: { idleTimeout: null, guestIdleTimeout: '30m' },
    session: { subject: null, idleTimeout: 30 * minute, lag: 18 * second },
  })
  assert.equal(at(18 * second), 'touch')
})

test('a policy that tightens holds at the next request', () => {
  const { at } = timeline({ policy: { idleTimeout: '15m' }, session: { idleTimeout: hour } })
  assert.equal(at(15 * minute), 'touch')
  assert.equal(at(15 * minute + 1), 'idle_timeout')
})

test('a policy that loosens holds for new sessions', () => {
  const { at } = timeline({ policy: { idleTimeout: '2h' }, session: { idleTimeout: hour } })
  assert.equal(at(hour), 'touch')
  assert.equal(at(hour + 1), 'idle_timeout')
})

test('a limit that is new or gone is the tighter of then and now too', () => {
  const tightened = timeline({ policy: { idleTimeout: '1h' }, session: { idleTimeout: null } })
  assert.equal(tightened.at(hour + 1), 'idle_timeout')
  const loosened = timeline({ policy: { idleTimeout: null }, session: { idleTimeout: hour } })
  assert.equal(loosened.at(hour + 1), 'idle_timeout')
})

test('a passive request is answered and never touches', () => {
  const { at, verdict } = timeline({ policy: { idleTimeout: '60m' }, request: { passive: true } })
  assert.equal(at(59 * minute), 'accept')
  const found = verdict(59 * minute)
  assert.ok(found.next !== 'end')
  assert.equal(found.active, false)
  assert.equal(at(60 * minute + 1), 'idle_timeout')
})

test('AUR-19 an active request puts the deadline a whole idle timeout away, a passive one leaves it', () => {
  const policy = { idleTimeout: '60m' } as const
  assert.equal(timeline({ policy }).expires(59 * minute), 119 * minute)
  assert.equal(timeline({ policy, request: { passive: true } }).expires(59 * minute), 60 * minute)
})

test('what this process has seen holds where the record lags behind it', () => {
  const { at, expires } = timeline({
    policy: { idleTimeout: '60m' },
    seenAt: start + 30 * minute,
    request: { passive: true },
  })
  assert.equal(at(90 * minute), 'accept')
  assert.equal(at(90 * minute + 1), 'idle_timeout')
  assert.equal(expires(40 * minute), 90 * minute)
})

test('a clock that goes back ends nothing', () => {
  const { at } = timeline({ policy: { idleTimeout: '60m' } })
  assert.equal(at(-hour), 'accept')
})
