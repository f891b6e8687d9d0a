import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remainingClock, remainingSpoken } from '../../src/client/remaining-words.ts'
import { hour, minute, second } from '../../src/testing/fixtures.ts'

test('the time left is shown in whole seconds, rounded up', () => {
  assert.equal(remainingClock(hour), '1:00:00')
  assert.equal(remainingClock(hour - 1), '1:00:00')
  assert.equal(remainingClock(hour - second), '59:59')
  assert.equal(remainingClock(61 * second), '1:01')
  assert.equal(remainingClock(1), '0:01')
  assert.equal(remainingClock(0), '0:00')
  assert.equal(remainingClock(25 * hour + 5 * minute + 9 * second), '25:05:09')
})

test('what is spoken changes seldom', () => {
  const said = new Set(Array.from({ length: 121 }, (_, at) => remainingSpoken(at * second)))
  assert.deepEqual([...said], ['10 seconds', '20 seconds', '30 seconds', '1 minute', '2 minutes'])
  assert.equal(remainingSpoken(30 * second), '30 seconds')
  assert.equal(remainingSpoken(30 * second + 1), '1 minute')
  assert.equal(remainingSpoken(minute + 1), '2 minutes')
})
