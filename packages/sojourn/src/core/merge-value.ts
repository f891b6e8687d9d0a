import type { Data, Json } from './session.ts'

/** The value of a key, never one of its prototype. */
export function valueAt(data: Data, key: string): Json | undefined {
  return Object.hasOwn(data, key) ? data[key] : undefined
}

/** Of two objects the one whose `updatedAt`, or else `at`, is later; the guest's at a tie, and where one has no such number. */
export function newest(guest: Json, user: Json): Json {
  const theirs = momentOf(user)
  const ours = momentOf(guest)
  return theirs !== undefined && ours !== undefined && theirs > ours ? user : guest
}

function momentOf(value: Json): number | undefined {
  if (!isMap(value)) return undefined
  return [valueAt(value, 'updatedAt'), valueAt(value, 'at')].find((moment) => typeof moment === 'number')
}

/** The user's items, then the guest's that are not among them; `undefined`: one of them is no list. */
export function union(guest: Json, user: Json): Json | undefined {
  if (!isList(guest) || !isList(user)) return undefined
  const known = new Set(user.map(identity))
  return Object.freeze([
    ...user,
    ...guest.filter((item) => {
      const name = identity(item)
      if (known.has(name)) return false
      known.add(name)
      return true
    }),
  ])
}

/** Numbers, lists of `{ id, quantity }` or objects of numbers, added; `undefined`: they are nothing of the kind. */
export function sum(guest: Json, user: Json): Json | undefined {
  if (typeof guest === 'number' && typeof user === 'number') return finite(guest + user)
  if (isList(guest) && isList(user)) return sumOfLists(guest, user)
  if (isMap(guest) && isMap(user)) return sumOfMaps(guest, user)
  return undefined
}

function sumOfLists(guest: readonly Json[], user: readonly Json[]): Json | undefined {
  const byId = new Map<string, Data>()
  for (const item of [...user, ...guest]) {
    if (!isMap(item) || !Object.hasOwn(item, 'id')) return undefined
    const { quantity } = item
    if (typeof quantity !== 'number') return undefined
    const name = identity(item)
    const known = byId.get(name)
    if (known === undefined) byId.set(name, item)
    else {
      const total = finite(Number(known['quantity']) + quantity)
      if (total === undefined) return undefined
      byId.set(name, Object.freeze({ ...known, quantity: total }))
    }
  }
  return Object.freeze([...byId.values()])
}

function sumOfMaps(guest: Data, user: Data): Json | undefined {
  const total: { [key: string]: Json } = { ...user }
  for (const [key, amount] of Object.entries(guest)) {
    const before = Object.hasOwn(total, key) ? total[key] : 0
    if (typeof amount !== 'number' || typeof before !== 'number') return undefined
    const added = finite(before + amount)
    if (added === undefined) return undefined
    total[key] = added
  }
  return Object.freeze(total)
}

/** Infinity is no JSON. */
function finite(total: number): number | undefined {
  return Number.isFinite(total) ? total : undefined
}

/** What tells items of a list apart: their `id`, or all that they are. */
function identity(item: Json): string {
  if (isMap(item)) {
    const id = valueAt(item, 'id')
    if (typeof id === 'string' || typeof id === 'number') return `id ${JSON.stringify(id)}`
  }
  return `item ${JSON.stringify(ordered(item))}`
}

/** The same value with the keys of every object in one order. */
function ordered(value: Json): unknown {
  if (isList(value)) return value.map(ordered)
  if (!isMap(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  // An object again, so that no list is taken for it.
  return { entries: entries.map(([key, inner]) => [key, ordered(inner)]) }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isMap(value: Json): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
