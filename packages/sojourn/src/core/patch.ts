import { SessionError } from './errors.ts'
import { frozenJson, refusePrototypeKey } from './frozen.ts'
import type { Data, Json } from './session.ts'
import type { Patch } from './store.ts'

export type PatchResult =
  | { readonly status: 'patched'; readonly data: Data }
  | { readonly status: 'not_a_number'; readonly key: string; readonly value: Json }
  | { readonly status: 'not_a_list'; readonly key: string }

/**
 * New data from old: first `set`, then `delete`, then `add`, then `append`. The result is frozen and shares what did not change.
 * `constructor` and `toString` are keys like any other; `__proto__`, and what is no JSON, are refused as `invalid_data`.
 */
export function applyPatch(data: Data, patch: Patch): PatchResult {
  const next: { [key: string]: Json } = Object.assign(Object.create(null) as object, data)
  for (const [key, value] of Object.entries(patch.set ?? {})) {
    refusePrototypeKey(key)
    next[key] = frozenJson(value)
  }
  for (const key of patch.delete ?? []) Reflect.deleteProperty(next, key)
  for (const [key, amount] of Object.entries(patch.add ?? {})) {
    refusePrototypeKey(key)
    const value = next[key]
    if (value !== undefined && typeof value !== 'number') return { status: 'not_a_number', key, value }
    const sum = (value ?? 0) + amount
    if (!Number.isFinite(sum))
      throw new SessionError('invalid_data', `add ${key}: expected a finite sum, got ${sum}`)
    next[key] = sum
  }
  for (const [key, { items, most }] of Object.entries(patch.append ?? {})) {
    refusePrototypeKey(key)
    if (!Number.isSafeInteger(most) || most < 0)
      throw new SessionError('invalid_data', `append ${key}: expected a whole number of items, got ${most}`)
    const value = key in next ? next[key] : []
    if (!isList(value)) return { status: 'not_a_list', key }
    const all = [...value, ...items.map((item) => frozenJson(item))]
    next[key] = Object.freeze(all.slice(Math.max(0, all.length - most)))
  }
  return { status: 'patched', data: Object.freeze(next) }
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
