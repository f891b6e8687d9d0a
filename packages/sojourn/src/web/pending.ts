import { SessionError } from '../core/errors.ts'
import type { Data, Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import { checkPatch } from '../engine/data.ts'

/** What is to be appended to a list, and how many of the whole are kept. */
interface Appended {
  readonly items: readonly Json[]
  readonly most: number
}

/** What a request wants written, key by key, until it is saved. */
export class Pending {
  readonly #set = new Map<string, Json>()
  readonly #delete = new Set<string>()
  readonly #add = new Map<string, number>()
  readonly #append = new Map<string, Appended>()

  /** Each change is checked against what is there, so that what does not fit is refused where it is asked for. */
  set(key: string, value: unknown, known: Data): void {
    const { set = {} } = checkPatch({ set: { [key]: value as Json } }, this.#without(key, known))
    this.#forget(key)
    this.#set.set(key, set[key] as Json)
  }

  delete(key: string): void {
    this.#forget(key)
    this.#delete.add(key)
  }

  add(key: string, amount: number, known: Data): void {
    const base = this.read(key, known) ?? 0
    if (typeof base !== 'number')
      throw new SessionError('not_a_number', `data.${key}: expected a number to add to; nothing was written`)
    if (this.#set.has(key) || this.#delete.has(key)) return this.set(key, base + amount, known)
    const sum = (this.#add.get(key) ?? 0) + amount
    checkPatch({ add: { [key]: sum } }, this.#without(key, known))
    this.#add.set(key, sum)
  }

  /** Appends to a list, of which the last `most` are kept. Throws `invalid_data` where another value stands there. */
  append(key: string, item: Json, most: number, known: Data): void {
    const base = this.read(key, known) ?? []
    if (!isList(base))
      throw new SessionError('invalid_data', `data.${key}: expected a list to append to; nothing was written`)
    const longer = [...base, item].slice(-most)
    if (this.#set.has(key) || this.#delete.has(key)) return this.set(key, longer, known)
    const { set = {} } = checkPatch({ set: { [key]: longer } }, this.#without(key, known))
    const items = [...(this.#append.get(key)?.items ?? []), (set[key] as readonly Json[]).at(-1) as Json]
    this.#append.set(key, { items: items.slice(-most), most })
  }

  /** Whether the value of a key will be another one than is stored. */
  changes(key: string): boolean {
    return [this.#set, this.#delete, this.#add, this.#append].some((changes) => changes.has(key))
  }

  /** The value of a key as it will be once this is saved over what is known. */
  read(key: string, known: Data): Json | undefined {
    if (this.#set.has(key)) return this.#set.get(key)
    if (this.#delete.has(key)) return undefined
    const stored = Object.hasOwn(known, key) ? known[key] : undefined
    const appended = this.#append.get(key)
    if (appended !== undefined) return appendedTo(stored, appended)
    const added = this.#add.get(key)
    return added === undefined ? stored : added + (typeof stored === 'number' ? stored : 0)
  }

  patch(): Patch {
    return {
      set: Object.fromEntries(this.#set),
      delete: [...this.#delete],
      add: Object.fromEntries(this.#add),
      append: Object.fromEntries(this.#append),
    }
  }

  /** As the first data of a new session; `undefined` where there would be nothing in it. */
  data(): Data | undefined {
    const data = this.over({})
    return Object.keys(data).length === 0 ? undefined : data
  }

  /** All data as it will be once this is saved over what is known. */
  over(known: Data): Data {
    const data = new Map<string, Json>(Object.entries(known))
    for (const changes of [this.#set, this.#add, this.#append])
      for (const key of changes.keys()) data.set(key, this.read(key, known) as Json)
    for (const key of this.#delete) data.delete(key)
    return Object.fromEntries(data)
  }

  #forget(key: string): void {
    for (const changes of [this.#set, this.#delete, this.#add, this.#append]) changes.delete(key)
  }

  /** All data but one value, to measure what is put in its place. */
  #without(key: string, known: Data): Data {
    const { [key]: _, ...others } = this.over(known)
    return others
  }
}

function appendedTo(stored: Json | undefined, { items, most }: Appended): Json {
  return [...(isList(stored) ? stored : []), ...items].slice(-most)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
