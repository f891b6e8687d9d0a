import { readJson } from './data.ts'
import { invalidOption } from './errors.ts'
import { newest, sum, union, valueAt } from './merge-value.ts'
import type { Data, Json } from './session.ts'

/** What one key of a guest's session becomes when its guest logs in; either value may be absent. */
export type Merge<Value> = (guest: Value | undefined, user: Value | undefined) => Value | undefined

/**
 * What becomes of one key of a guest's data where the user may have a value too:
 * - `keep-user`: the user's value, or the guest's where the user has none;
 * - `keep-guest`: the guest's value, or the user's where the guest has none;
 * - `drop`: the guest's value stays behind; what the user had stands;
 * - `newest`: of two objects the one whose `updatedAt`, or else `at`, is later; the guest's at a tie, and where one has no
 *   such number: it was made just now;
 * - `union` of lists: the user's items, then the guest's that are not among them, by their `id` or else by deep equality;
 * - `sum` of numbers, of lists of `{ id, quantity }` (one item an id, quantities added, all else as the user has it), and of
 *   objects of numbers (key by key);
 * - a function of both values. `undefined`: the key is left out.
 *
 * Where both values are there and the rule fits one of them not, the user's value stands: a login never fails over a cart.
 */
export type MergeRule<Value> =
  | 'keep-user'
  | 'keep-guest'
  | 'newest'
  | 'drop'
  | (Fits<Value, readonly unknown[]> extends true ? 'union' : never)
  | (Fits<Value, Summable> extends true ? 'sum' : never)
  | Merge<Value>

type Summable =
  | number
  | readonly { readonly id: string | number; readonly quantity: number }[]
  | { readonly [key: string]: number }

/** Whether values of a type are, or for an unknown type may be, of a form. */
type Fits<Value, Form> = Json extends Value ? true : [NonNullable<Value>] extends [Form] ? true : false

/** A rule for each key that needs one; `D` is what the application keeps in a session. */
export type MergeRules<D extends object> = { readonly [Key in keyof D & string]?: MergeRule<D[Key]> }

/** What becomes of the keys that no rule names. */
export type MergeFallback = 'keep-user' | 'keep-guest' | 'drop'

const ruleNames = ['keep-user', 'keep-guest', 'newest', 'drop', 'union', 'sum'] as const
type AnyRule = (typeof ruleNames)[number] | Merge<Json>

/** Refuses at construction what is no rule, with its key path. */
export function checkMergeRules(rules: unknown, path: string): void {
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules))
    throw invalidOption(path, 'an object of keys and their rules', rules)
  for (const [key, rule] of Object.entries(rules))
    if (typeof rule !== 'function' && !ruleNames.some((name) => name === rule))
      throw invalidOption(`${path}.${key}`, `one of ${ruleNames.join(', ')}, or a function`, rule)
}

/**
 * The data of a session that a guest's becomes at login: first the user's keys, then the guest's. A `sum` counts the guest
 * twice if it is done twice, so this belongs in the one step that ends the guest's session. Throws `invalid_data` where a
 * function returns what is no JSON.
 */
export function mergeData<D extends object = { readonly [key: string]: unknown }>(
  guest: Data,
  user: Data,
  rules: MergeRules<D>,
  fallback: MergeFallback = 'keep-user',
): Data {
  const merged = Object.create(null) as { [key: string]: Json }
  for (const key of new Set([...Object.keys(user), ...Object.keys(guest)])) {
    const rule = Object.hasOwn(rules, key) ? (rules as { readonly [key: string]: AnyRule })[key] : undefined
    const value = mergeValue(valueAt(guest, key), valueAt(user, key), rule ?? fallback, key)
    if (value !== undefined) merged[key] = value
  }
  return Object.freeze(merged)
}

function mergeValue(
  guest: Json | undefined,
  user: Json | undefined,
  rule: AnyRule,
  key: string,
): Json | undefined {
  if (typeof rule === 'function') {
    const value = rule(guest, user)
    return value === undefined ? undefined : readJson(value, `merge of ${key}`)
  }
  if (rule === 'drop' || guest === undefined) return user
  if (user === undefined) return guest
  switch (rule) {
    case 'keep-user':
      return user
    case 'keep-guest':
      return guest
    case 'newest':
      return newest(guest, user)
    case 'union':
      return union(guest, user) ?? user
    case 'sum':
      return sum(guest, user) ?? user
  }
}
