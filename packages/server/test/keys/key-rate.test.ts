import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyRate } from '../../src/keys/key-rate.ts'

const minute = 60_000

test('R-77 a key asks as often as its rate in any minute, and as evenly as it likes', () => {
  for (const rate of [1, 7, 60, 6_000]) {
    const limit = new KeyRate()
    const key = { id: 'a', rate }
    for (let i = 0; i < rate; i++) assert.equal(limit.take(key, 1_000), 0, `${rate}: ${i}`)
    const wait = limit.take(key, 1_000)
    assert.ok(wait > 0 && wait <= Math.ceil(minute / rate))
    assert.equal(limit.take(key, 1_000 + wait), 0)
    assert.ok(limit.take(key, 1_000 + wait) > 0)
    assert.equal(limit.take({ id: 'b', rate }, 1_000), 0)
    for (let i = 0; i < rate; i++) assert.equal(limit.take(key, 1_000 + wait + minute), 0)
  }
})

test('a clock that was set back by a day holds nobody up for longer than one request takes', () => {
  const limit = new KeyRate()
  const key = { id: 'a', rate: 60 }
  for (let i = 0; i < 60; i++) limit.take(key, 86_400_000)
  assert.ok(limit.take(key, 0) <= minute / 60)
})
