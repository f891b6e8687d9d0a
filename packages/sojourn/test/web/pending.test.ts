import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyPatch } from '../../src/core/patch.ts'
import type { Data, Json } from '../../src/core/session.ts'
import { Pending } from '../../src/web/pending.ts'

type Change =
  | readonly ['set', string, Json]
  | readonly ['delete', string]
  | readonly ['add', string, number]
  | readonly ['append', string, number]

const key = fc.constantFrom('a', 'b', 'toString', 'hasOwnProperty')
const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer(), { maxLength: 4 }))
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constant('set' as const), key, value),
  fc.tuple(fc.constant('delete' as const), key),
  fc.tuple(fc.constant('add' as const), key, fc.integer()),
  fc.tuple(fc.constant('append' as const), key, fc.integer()),
)
/** How many items of a list are kept. */
const most = 3

test('what is read before the save is what is stored by it, for any changes of any keys', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value), fc.array(change), (known, changes) => {
      const pending = new Pending()
      const model = new Map<string, Json>(Object.entries(known))
      for (const [verb, key, value] of changes) {
        const before = model.get(key) ?? (verb === 'append' ? [] : 0)
        if (verb === 'append' && !Array.isArray(before)) {
          assert.throws(() => pending.append(key, value, most, known), { code: 'invalid_data' })
        } else if (verb === 'append') {
          pending.append(key, value, most, known)
          model.set(key, [...(before as readonly Json[]), value].slice(-most))
        } else if (verb === 'add' && typeof before !== 'number') {
          assert.throws(() => pending.add(key, value, known), { code: 'not_a_number' })
        } else if (verb === 'add') {
          pending.add(key, value, known)
          model.set(key, Number(before) + value)
        } else if (verb === 'set') {
          pending.set(key, value, known)
          model.set(key, value)
        } else {
          pending.delete(key)
          model.delete(key)
        }
      }
      for (const key of ['a', 'b', 'toString', 'hasOwnProperty', 'valueOf'])
        assert.deepEqual(pending.read(key, known), model.get(key), key)
      assert.deepEqual(new Map(Object.entries(pending.over(known))), model)
      const saved = applyPatch(known, pending.patch())
      assert.equal(saved.status, 'patched')
      assert.deepEqual(new Map(Object.entries(saved.data)), model)
      for (const key of ['a', 'b', 'toString', 'hasOwnProperty', 'valueOf'])
        if (Object.hasOwn(known, key) && model.get(key) !== known[key])
          assert.equal(pending.changes(key), true, key)
    }),
    { numRuns: 2_000 },
  )
})

test('A-18 A-21 what does not fit is refused where it is asked for, and nothing of it stays', () => {
  const pending = new Pending()
  const known: Data = { kept: 'x'.repeat(60_000) }
  const refused: readonly (readonly [string, unknown])[] = [
    ['__proto__', 1],
    ['constructor', 1],
    ['prototype', 1],
    ['', 1],
    ['a', undefined],
    ['a', NaN],
    ['a', () => 1],
    ['a', new Date()],
    ['a', { b: { __proto__: null, constructor: 1 } }],
    ['a', JSON.parse('{"__proto__":{"polluted":1}}')],
    ['a', 10n],
  ]
  for (const [key, value] of refused)
    assert.throws(() => pending.set(key, value, known), { code: 'invalid_data' })
  assert.throws(() => pending.set('big', 'y'.repeat(6_000), known), { code: 'data_too_large' })
  assert.throws(() => pending.add('a', Infinity, known), { code: 'invalid_data' })
  assert.throws(() => pending.append('list', 'y'.repeat(6_000), 3, known), { code: 'data_too_large' })
  assert.throws(() => pending.append('constructor', 1, 3, known), { code: 'invalid_data' })
  assert.deepEqual(pending.patch(), { set: {}, delete: [], add: {}, append: {} })
  assert.equal(pending.data(), undefined)
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  pending.set('kept', 'y'.repeat(6_000), known)
  assert.doesNotThrow(() => pending.set('big', 'y'.repeat(6_000), known), 'what was replaced counts no more')
})

test('a new session’s first data is all that was written, sums and lists included', () => {
  const pending = new Pending()
  for (const step of [1, 2, 3, 4]) pending.append('steps', step, 3, {})
  pending.add('count', 2, {})
  pending.set('cart', ['apple'], {})
  pending.set('gone', 1, {})
  pending.delete('gone')
  assert.deepEqual(pending.data(), { steps: [2, 3, 4], count: 2, cart: ['apple'] })
})

test('what is kept is a copy: changing the value afterwards changes nothing', () => {
  const pending = new Pending()
  const cart = { items: ['apple'] }
  pending.set('cart', cart, {})
  cart.items.push('pear')
  assert.deepEqual(pending.read('cart', {}), { items: ['apple'] })
})
