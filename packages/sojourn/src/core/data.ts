import { SessionError } from './errors.ts'
import type { Json } from './session.ts'

/** What one session may hold: enough for any cart, too little to hurt the store. */
export const dataLimits = { bytes: 65_536, depth: 32, keys: 1_000 } as const

/** Keys that reach an object's prototype in careless code; they are refused wherever they stand. */
const forbidden = new Set(['__proto__', 'prototype', 'constructor'])

/**
 * A frozen copy of a value that is plain JSON. Throws `invalid_data` with the path of what is not: a class, a function, a
 * cycle, NaN, a forbidden key. A property that is `undefined` is left out, as in JSON.
 */
export function readJson(value: unknown, path: string): Json {
  const budget = { keys: dataLimits.keys }
  return copy(value, path, 1, budget)
}

/** Refuses a key that cannot stand in session data. */
export function checkKey(key: string, path: string): void {
  if (key === '' || key.length > 256 || forbidden.has(key))
    throw new SessionError(
      'invalid_data',
      `${path}: expected a key of 1 to 256 characters other than ${[...forbidden].join(', ')}`,
    )
}

/** Whether a key is one of the library's own, such as that of a login that waits. */
export function isReserved(key: string): boolean {
  return key.startsWith('sojourn:')
}

/** Refuses a key that a caller may not write. */
export function refuseReserved(key: string): void {
  if (isReserved(key))
    throw new SessionError(
      'invalid_data',
      `data.${key}: keys that begin with 'sojourn:' are kept by the library itself; choose another. Nothing was written`,
    )
}

/** Refuses data that is larger than a session may hold. */
export function checkSize(data: { readonly [key: string]: Json }): void {
  const keys = Object.keys(data)
  if (keys.length > dataLimits.keys) throw tooLarge(`${keys.length} keys`, `${dataLimits.keys} keys`)
  let bytes = 0
  for (const key of keys) bytes += utf8Length(key) + utf8Length(JSON.stringify(data[key])) + 4
  if (bytes > dataLimits.bytes) throw tooLarge(`${bytes} bytes`, `${dataLimits.bytes} bytes of JSON`)
}

function copy(value: unknown, path: string, depth: number, budget: { keys: number }): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw invalid(path, 'a finite number', String(value))
  }
  if (typeof value !== 'object')
    throw invalid(path, 'plain JSON', value === undefined ? 'nothing' : `a ${typeof value}`)
  if (depth > dataLimits.depth) throw invalid(path, `at most ${dataLimits.depth} levels`, 'more, or a cycle')
  if (Array.isArray(value)) {
    spend(budget, value.length, path)
    return Object.freeze(
      Array.from(value, (item, index) => copy(item, `${path}[${index}]`, depth + 1, budget)),
    )
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw invalid(path, 'a plain object', nameOf(value))
  const entries = Object.entries(value)
  spend(budget, entries.length, path)
  const result: Record<string, Json> = {}
  for (const [key, inner] of entries) {
    if (inner === undefined) continue
    checkKey(key, `${path}.${key}`)
    result[key] = copy(inner, `${path}.${key}`, depth + 1, budget)
  }
  return Object.freeze(result)
}

function spend(budget: { keys: number }, count: number, path: string): void {
  budget.keys -= count
  if (budget.keys < 0) throw invalid(path, `at most ${dataLimits.keys} keys and items in all`, 'more')
}

function nameOf(value: object): string {
  const name: unknown = value.constructor?.name
  return name === 'Date'
    ? 'a Date (store its toISOString() or getTime())'
    : `a ${typeof name === 'string' ? name : 'strange object'}`
}

function invalid(path: string, expected: string, got: string): SessionError {
  return new SessionError('invalid_data', `${path}: expected ${expected}, got ${got}; nothing was written`)
}

function tooLarge(got: string, most: string): SessionError {
  return new SessionError(
    'data_too_large',
    `session data: expected at most ${most}, got ${got}; keep large things elsewhere and their key here. Nothing was written`,
  )
}

/** Bytes of a text in UTF-8, without making them. */
function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
