import assert from 'node:assert/strict'
import test from 'node:test'
import { hour, minute, start } from '../../src/testing/fixtures.ts'
import { timeline } from './timeline.ts'

const policy = { idleTimeout: '1h', absoluteTimeout: null } as const
const reason = 'bulk_revoked'

test('a session from before the watermark is void at once', () => {
  const { at, over } = timeline({ policy, watermark: { at: start + minute, reason } })
  assert.equal(at(minute), reason)
  assert.equal(at(2 * minute), reason)
  assert.equal(over(2 * minute), minute)
})

test('a session of the very millisecond of the watermark is void: a tie fails closed', () => {
  assert.equal(timeline({ policy, watermark: { at: start, reason } }).at(minute), reason)
})

test('a session of the millisecond after the watermark stands', () => {
  assert.equal(timeline({ policy, watermark: { at: start - 1, reason } }).at(minute), 'touch')
})

test("a watermark of a faster clock holds as soon as it is seen, and no end lies in this clock's future", () => {
  const { at, over } = timeline({ policy, watermark: { at: start + 10 * minute, reason } })
  assert.equal(at(minute), reason)
  assert.equal(over(minute), minute)
})

test('a session that was idle too long before the watermark ended by that', () => {
  const { at, over } = timeline({ policy, watermark: { at: start + 2 * hour, reason } })
  assert.equal(at(3 * hour), 'idle_timeout')
  assert.equal(over(3 * hour), hour)
})
