import assert from 'node:assert/strict'
import test from 'node:test'
import { checkKey, checkSize, dataLimits, readJson } from '../../src/core/data.ts'
import type { Json } from '../../src/core/session.ts'

const nested = (depth: number): unknown => {
  let value: unknown = 'deepest'
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { in: value }
  return value
}
const cyclic: Record<string, unknown> = { a: 1 }
cyclic['self'] = [cyclic]

test('plain JSON is copied and frozen, to the bottom', () => {
  const given = { cart: [{ sku: 'a', count: 2 }], note: null, on: true, text: 'é😀', none: undefined }
  const read = readJson(given, 'data.x') as { readonly cart: readonly { readonly sku: string }[] }
  assert.deepEqual(read, { cart: [{ sku: 'a', count: 2 }], note: null, on: true, text: 'é😀' })
  assert.notEqual(read.cart, given.cart)
  assert.ok(Object.isFrozen(read) && Object.isFrozen(read.cart) && Object.isFrozen(read.cart[0]))
})

test('a getter is read once, and its value is kept', () => {
  let reads = 0
  const read = readJson(
    {
      get now() {
        return ++reads
      },
    },
    'data.x',
  )
  assert.deepEqual(read, { now: 1 })
  assert.equal(reads, 1)
})

class Cart {
  items = []
}
const refusals: readonly (readonly [string, unknown, RegExp])[] = [
  ['A-21 a BigInt', { a: 1n }, /^data\.x\.a: expected plain JSON, got a bigint; nothing was written$/],
  ['A-21 a cycle', cyclic, /expected at most 32 levels, got more, or a cycle/],
  [
    'A-21 a Date',
    { at: new Date(0) },
    /^data\.x\.at: expected a plain object, got a Date \(store its toISOString/,
  ],
  ['NaN', [1, Number.NaN], /^data\.x\[1\]: expected a finite number, got NaN/],
  ['an infinity', Number.NEGATIVE_INFINITY, /expected a finite number, got -Infinity/],
  ['a function', { f: () => 1 }, /^data\.x\.f: expected plain JSON, got a function/],
  ['a symbol', Symbol('s'), /got a symbol/],
  ['undefined by itself', undefined, /^data\.x: expected plain JSON, got nothing/],
  ['undefined in an array', [undefined], /^data\.x\[0\]: expected plain JSON, got nothing/],
  // oxlint-disable-next-line no-sparse-arrays
  ['a hole in an array', [, 1], /^data\.x\[0\]: expected plain JSON, got nothing/],
  ['a Map', { m: new Map() }, /expected a plain object, got a Map/],
  ['an instance of a class', new Cart(), /expected a plain object, got a Cart/],
  [
    'A-18 __proto__',
    JSON.parse('{"a":{"__proto__":{"polluted":1}}}'),
    /^data\.x\.a\.__proto__: expected a key/,
  ],
  ['A-18 constructor', { constructor: 1 }, /expected a key of 1 to 256 characters other than/],
  ['A-18 prototype', { prototype: {} }, /expected a key of 1 to 256 characters other than/],
  ['an empty key', { '': 1 }, /expected a key of 1 to 256 characters/],
  ['A-21 33 levels', nested(33), /expected at most 32 levels/],
  ['A-21 5,000 levels', nested(5000), /expected at most 32 levels/],
  ['A-21 1,001 items', Array.from({ length: 1001 }, () => 0), /at most 1000 keys and items in all/],
  [
    'A-21 1,001 keys across levels',
    Array.from({ length: 11 }, () => Array.from({ length: 90 }, () => 0)),
    /at most 1000 keys/,
  ],
]
for (const [name, value, message] of refusals)
  test(`refused in session data: ${name}`, () => {
    assert.throws(() => readJson(value, 'data.x'), { code: 'invalid_data', message })
  })

test('32 levels and 1,000 items are allowed', () => {
  assert.deepEqual(readJson(nested(32), 'data.x'), nested(32))
  assert.equal(
    (
      readJson(
        Array.from({ length: 1000 }, () => 0),
        'x',
      ) as readonly Json[]
    ).length,
    1000,
  )
})

test('A-18 no key of session data reaches a prototype', () => {
  for (const key of ['__proto__', 'constructor', 'prototype', '', 'x'.repeat(257)])
    assert.throws(() => checkKey(key, 'data'), { code: 'invalid_data' }, key)
  for (const key of ['toString', 'hasOwnProperty', 'x'.repeat(256), 'flash:é']) checkKey(key, 'data')
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})

test('A-21 64 kB of JSON are the most, counted in bytes of UTF-8', () => {
  const frame = Buffer.byteLength(JSON.stringify({ text: '' }))
  const room = dataLimits.bytes - frame - 1
  checkSize({ text: 'a'.repeat(room) })
  assert.throws(() => checkSize({ text: 'a'.repeat(dataLimits.bytes) }), {
    code: 'data_too_large',
    message: /expected at most 65536 bytes of JSON, got \d+ bytes/,
  })
  checkSize({ text: 'é'.repeat(room / 2 - 1) })
  assert.throws(() => checkSize({ text: 'é'.repeat(room / 2 + 4) }), { code: 'data_too_large' })
  assert.throws(() => checkSize({ text: '😀'.repeat(room / 4 + 4) }), { code: 'data_too_large' })
})

test('A-21 1,000 keys are the most', () => {
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 0]))
  checkSize(keys(1000))
  assert.throws(() => checkSize(keys(1001)), {
    code: 'data_too_large',
    message: /at most 1000 keys, got 1001 keys/,
  })
})
