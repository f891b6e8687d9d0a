import assert from 'node:assert/strict'
import test from 'node:test'
import { SessionError } from '../../src/core/errors.ts'
import { checkMergeRules, mergeData, type MergeRule, type MergeRules } from '../../src/core/merge.ts'
import type { Json } from '../../src/core/session.ts'

/** What one key becomes by a rule. */
function merged(rule: MergeRule<Json>, guest: Json | undefined, user: Json | undefined): unknown {
  const data = (value: Json | undefined) => (value === undefined ? {} : { key: value })
  return mergeData(data(guest), data(user), { key: rule })['key']
}

test('P-25 SLI-31 keep-user and keep-guest prefer, and lose nothing that only one of them has', () => {
  assert.equal(merged('keep-user', 'g', 'u'), 'u')
  assert.equal(merged('keep-user', 'g', undefined), 'g')
  assert.equal(merged('keep-guest', 'g', 'u'), 'g')
  assert.equal(merged('keep-guest', undefined, 'u'), 'u')
  assert.equal(merged('keep-guest', null, 'u'), null, 'null is a value')
})

test("drop leaves the guest's value behind, and takes nothing from the user", () => {
  assert.equal(merged('drop', 'g', undefined), undefined)
  assert.equal(merged('drop', 'g', 'u'), 'u')
})

test('SLI-29 P-25 a cart: quantities of one id are added, all else is as the user has it', () => {
  const user = [
    { id: 'tea', quantity: 1, gift: true },
    { id: 7, quantity: 2 },
  ]
  const guest = [
    { id: 'cup', quantity: 3 },
    { id: 'tea', quantity: 2, gift: false },
    { id: '7', quantity: 1 },
  ]
  assert.deepEqual(merged('sum', guest, user), [
    { id: 'tea', quantity: 3, gift: true },
    { id: 7, quantity: 2 },
    { id: 'cup', quantity: 3 },
    { id: '7', quantity: 1 },
  ])
})

test('numbers are added, and objects of numbers key by key', () => {
  assert.equal(merged('sum', 2, 3), 5)
  assert.equal(merged('sum', 2, undefined), 2)
  assert.deepEqual(merged('sum', { tea: 1, cup: 2 }, { tea: 2, pot: 1 }), { tea: 3, pot: 1, cup: 2 })
})

test('union: no item twice, by id or else by all that it is', () => {
  assert.deepEqual(merged('union', ['a', 'b', 'b'], ['c', 'a']), ['c', 'a', 'b'])
  assert.deepEqual(merged('union', [{ id: 1, name: 'new' }, { id: 2 }], [{ id: 1, name: 'old' }]), [
    { id: 1, name: 'old' },
    { id: 2 },
  ])
  assert.deepEqual(merged('union', [{ b: 2, a: [1] }, { a: [2] }], [{ a: [1], b: 2 }]), [
    { a: [1], b: 2 },
    { a: [2] },
  ])
  assert.deepEqual(merged('union', [1, '1', null, [['a', 1]]], [{ a: 1 }]), [
    { a: 1 },
    1,
    '1',
    null,
    [['a', 1]],
  ])
})

test("newest: the later of two moments; the guest's at a tie and where one has none", () => {
  assert.deepEqual(merged('newest', { at: 1 }, { at: 2 }), { at: 2 })
  assert.deepEqual(merged('newest', { at: 2, g: 1 }, { at: 2 }), { at: 2, g: 1 })
  assert.deepEqual(merged('newest', { updatedAt: 1, at: 9 }, { updatedAt: 2 }), { updatedAt: 2 })
  assert.deepEqual(merged('newest', { g: 1 }, { at: 2 }), { g: 1 })
  assert.equal(merged('newest', 'g', 'u'), 'g')
  assert.equal(merged('newest', undefined, 'u'), 'u')
})

test("where a rule does not fit, the user's value stands", () => {
  for (const [guest, user] of [
    [1, 'x'],
    [[1], [2]],
    [[{ id: 'a', quantity: 'many' }], [{ id: 'a', quantity: 1 }]],
    [[{ quantity: 1 }], [{ quantity: 1 }]],
    [{ a: 'x' }, { a: 1 }],
    [[], {}],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [{ a: Number.MAX_VALUE }, { a: Number.MAX_VALUE }],
    [[{ id: 1, quantity: Number.MAX_VALUE }], [{ id: 1, quantity: Number.MAX_VALUE }]],
  ] as const)
    assert.deepEqual(merged('sum', guest, user), user, JSON.stringify([guest, user]))
  assert.equal(merged('union', ['a'], 'u'), 'u')
  assert.deepEqual(merged('union', 'g', ['u']), ['u'])
})

test('a function decides with both values, and must give JSON', () => {
  assert.deepEqual(
    merged((guest, user) => [guest ?? null, user ?? null], 'g', 'u'),
    ['g', 'u'],
  )
  assert.equal(
    merged(() => undefined, 'g', 'u'),
    undefined,
  )
  assert.throws(
    () => merged((() => new Map()) as unknown as MergeRule<Json>, 'g', 'u'),
    (error) =>
      error instanceof SessionError && error.code === 'invalid_data' && /merge of key/.test(error.message),
  )
})

test('P-25 keys without a rule: the user prevails and the guest fills in, unless told otherwise', () => {
  const guest = { both: 'g', mine: 'g' }
  const user = { both: 'u', theirs: 'u' }
  const fallback = (name?: 'keep-guest' | 'drop') => ({ ...mergeData(guest, user, {}, name) })
  assert.deepEqual(fallback(), { both: 'u', theirs: 'u', mine: 'g' })
  assert.deepEqual(fallback('keep-guest'), { both: 'g', theirs: 'u', mine: 'g' })
  assert.deepEqual(fallback('drop'), { both: 'u', theirs: 'u' })
})

test('A-18 a key that objects inherit is a key like any other, and has no rule by accident', () => {
  const data = mergeData({ toString: 'g', valueOf: 'g' }, { toString: 'u' }, { valueOf: 'drop' })
  assert.deepEqual({ ...data }, { toString: 'u' })
  assert.equal(Object.getPrototypeOf(data), null)
  assert.ok(Object.isFrozen(data))
})

test('the rules know what the application keeps', () => {
  interface Shop {
    cart: { id: string; quantity: number }[]
    visits: number
    seen: string[]
    theme: string
  }
  const rules: MergeRules<Shop> = { cart: 'sum', visits: 'sum', seen: 'union', theme: 'keep-guest' }
  // @ts-expect-error -- a text has no sum
  const strange: MergeRules<Shop> = { theme: 'sum' }
  // @ts-expect-error -- a number is no list
  const stranger: MergeRules<Shop> = { visits: 'union' }
  assert.equal(mergeData<Shop>({ visits: 1 }, { visits: 2 }, rules)['visits'], 3)
  assert.ok(strange !== stranger)
})

test('what is no rule is refused at construction, with its path', () => {
  checkMergeRules({ cart: 'sum', seen: () => undefined }, 'merge')
  assert.throws(() => checkMergeRules({ cart: 'add' }, 'merge'), {
    code: 'invalid_option',
    message:
      'merge.cart: expected one of keep-user, keep-guest, newest, drop, union, sum, or a function, got "add"',
  })
  assert.throws(() => checkMergeRules([], 'merge'), { code: 'invalid_option' })
})
