import assert from 'node:assert/strict'
import test from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { mergeData } from '../../src/core/merge.ts'
import type { Json } from '../../src/core/session.ts'

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
const item = fc.oneof(
  json,
  fc.record({ id: fc.constantFrom('a', 'b', 1), quantity: fc.nat(9) }) as fc.Arbitrary<Json>,
)
const value = fc.oneof(json, fc.array(item, { maxLength: 6 }))
const rule = fc.constantFrom('keep-user', 'keep-guest', 'newest', 'drop', 'union', 'sum')
const key = fc.constantFrom('a', 'b', 'toString')
const data = fc.dictionary(key, value, { maxKeys: 3 })
const rules = fc.dictionary(key, rule, { maxKeys: 3 })

/** As it would come back from a store. */
function stored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('P-25 merging the same guest once more changes nothing, except for sums', () => {
  const idempotent = fc.dictionary(key, fc.constantFrom('keep-user', 'keep-guest', 'newest', 'drop', 'union'))
  fc.assert(
    fc.property(data, data, idempotent, (guest, user, rules) => {
      const once = mergeData(guest, user, rules)
      assert.deepEqual(stored(mergeData(guest, once, rules)), stored(once))
    }),
    { numRuns: 1_000 },
  )
})

test('P-25 nothing of the user is lost to a union, and nothing of the guest', () => {
  fc.assert(
    fc.property(fc.array(item), fc.array(item), (guest, user) => {
      const merged = mergeData({ list: guest }, { list: user }, { list: 'union' })['list'] as readonly Json[]
      assert.deepEqual(stored(merged.slice(0, user.length)), stored(user))
      const idOf = (item: unknown) => (item as { id?: Json } | null)?.id
      for (const item of guest) {
        const isThere = (other: Json) =>
          isDeepStrictEqual(stored(other), stored(item)) ||
          (idOf(item) !== undefined && idOf(other) === idOf(item))
        assert.ok(merged.some(isThere), JSON.stringify(item))
      }
    }),
  )
})

test('SLI-29 no quantity is lost from two carts', () => {
  const cart = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), quantity: fc.nat(99) }), {
    selector: ({ id }) => id,
  })
  const total = (items: readonly { quantity: number }[]) =>
    items.reduce((sum, { quantity }) => sum + quantity, 0)
  fc.assert(
    fc.property(cart, cart, (guest, user) => {
      const merged = mergeData({ cart: guest }, { cart: user }, { cart: 'sum' })
      const items = merged['cart'] as unknown as typeof cart extends fc.Arbitrary<infer Items> ? Items : never
      assert.equal(total(items), total(guest) + total(user))
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length)
    }),
  )
})

test('whatever is merged is JSON again, and neither side is changed', () => {
  fc.assert(
    fc.property(data, data, rules, (guest, user, rules) => {
      const before = JSON.stringify([guest, user])
      const merged = mergeData(guest, user, rules)
      assert.deepEqual(stored(merged), stored({ ...merged }))
      assert.equal(JSON.stringify([guest, user]), before)
      for (const key of Object.keys(merged)) assert.ok(Object.hasOwn(guest, key) || Object.hasOwn(user, key))
    }),
    { numRuns: 1_000 },
  )
})
