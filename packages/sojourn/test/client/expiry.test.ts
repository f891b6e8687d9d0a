import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isExpiry, readSessionExpires } from '../../src/client/expiry.ts'
import { sessionExpires } from '../../src/web/expires-header.ts'

test('what the server writes is read as it was meant', () => {
  for (const idle of [null, 0, 1_767_229_200_000])
    for (const absolute of [null, 1_767_312_000_000]) {
      const expiry = { idle, absolute, now: 1_767_225_600_000 }
      assert.deepEqual(readSessionExpires(sessionExpires(expiry)), expiry)
    }
})

test('of several lines the last one holds', () => {
  const [one, two] = [
    { idle: 1, absolute: 2, now: 3 },
    { idle: null, absolute: 4, now: 5 },
  ] as const
  assert.deepEqual(readSessionExpires(`${sessionExpires(one)}, ${sessionExpires(two)}`), two)
})

test('what does not say all of it says nothing', () => {
  for (const value of [
    null,
    '',
    'idle=1, absolute=2',
    'idle=1, absolute=?0, now=?0',
    'idle=-1, absolute=2, now=3',
    'idle=1e3, absolute=2, now=3',
    'IDLE=1, absolute=2, now=3',
  ])
    assert.equal(readSessionExpires(value), undefined, `${value}`)
  for (const value of [
    null,
    1,
    {},
    { idle: 1, absolute: 2 },
    { idle: '1', absolute: 2, now: 3 },
    { idle: 1, absolute: NaN, now: 3 },
  ])
    assert.equal(isExpiry(value), false, JSON.stringify(value))
})
