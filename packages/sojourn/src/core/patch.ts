import { SessionError } from './errors.ts'
import { frozenJson, refusePrototypeKey } from './frozen.ts'
import type { Data, Json } from './session.ts'
import type { Patch } from './store.ts'

export type PatchResult =
  | { readonly status: 'patched'; readonly data: Data }
  | { readonly status: 'not_a_number'; readonly key: string; readonly value: Json }

/**
 * New data from old: first `set`, then `delete`, then `add`. The result is frozen and shares what did not change.
 * `constructor` and `toString` are keys like any other; `__proto__`, and what is no JSON, are refused as `invalid_data`.
 */
export function applyPatch(data: Data, patch: Patch): PatchResult {
  const next: { [key: string]: Json } = Object.assign(Object.create(null), data)
  for (const [key, value] of Object.entries(patch.set ?? {})) {
    refusePrototypeKey(key)
    next[key] = frozenJson(value)
  }
  for (const key of patch.delete ?? []) delete next[key]
  for (const [key, amount] of Object.entries(patch.add ?? {})) {
    refusePrototypeKey(key)
    const value = next[key]
    if (value !== undefined && typeof value !== 'number') return { status: 'not_a_number', key, value }
    const sum = (value ?? 0) + amount
    if (!Number.isFinite(sum))
      throw new SessionError('invalid_data', `add ${key}: expected a finite sum, got ${sum}`)
    next[key] = sum
  }
  return { status: 'patched', data: Object.freeze(next) }
}
