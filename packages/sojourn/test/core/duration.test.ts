import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { day, formatDuration, hour, minute, parseDuration, second } from '../../src/core/duration.ts'

const written: readonly (readonly [unknown, number])[] = [
  ['500ms', 500],
  ['30s', 30 * second],
  ['30m', 30 * minute],
  ['2h', 2 * hour],
  ['1h30m', 90 * minute],
  ['1.5h', 90 * minute],
  ['30d', 30 * day],
  ['2w', 14 * day],
  ['1m5ms', minute + 5],
  ['0s', 0],
  [0, 0],
  [1500, 1500],
]
for (const [text, millis] of written)
  test(`parseDuration reads ${JSON.stringify(text)} as ${millis} ms`, () => {
    assert.equal(parseDuration(text), millis)
  })

const refused = [
  '',
  '30',
  'm',
  '30 m',
  ' 30m',
  '30m ',
  '30M',
  '-5m',
  '+5m',
  '5y',
  '1e3s',
  '.5h',
  '5.h',
  '٣m',
  'PT30M',
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  36_526 * day,
  '36526d',
  '9'.repeat(400).concat('d'),
  null,
  undefined,
  true,
  5n,
  {},
  ['5m'],
  new Date(0),
]
for (const value of refused)
  test(`parseDuration refuses ${typeof value === 'bigint' ? '5n' : (JSON.stringify(value) ?? 'undefined').slice(0, 20)}`, () => {
    assert.equal(parseDuration(value), undefined)
  })

test('a hundred years still parse', () => {
  assert.equal(parseDuration('36525d'), 36_525 * day)
})

test('formatDuration writes the shortest exact text', () => {
  assert.equal(formatDuration(0), '0s')
  assert.equal(formatDuration(90 * minute), '1h30m')
  assert.equal(formatDuration(14 * day), '2w')
  assert.equal(formatDuration(30 * day), '30d')
  assert.equal(formatDuration(86_400_000), '1d')
  assert.equal(formatDuration(1), '1ms')
  assert.equal(formatDuration(61_001), '1m1s1ms')
})

test('what formatDuration writes parseDuration reads as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 36_525 * day }), (millis) => {
      assert.equal(parseDuration(formatDuration(millis)), millis)
    }),
  )
})

test('a long text of units is read in linear time', () => {
  const began = performance.now()
  parseDuration(`${'1m'.repeat(50_000)}x`)
  assert.ok(performance.now() - began < 500)
})
