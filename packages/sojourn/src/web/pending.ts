import { SessionError } from '../core/errors.ts'
import type { Data, Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import { checkPatch } from '../engine/data.ts'

/** What a request wants written, key by key, until it is saved. */
export class Pending {
  readonly #set = new Map<string, Json>()
  readonly #delete = new Set<string>()
  readonly #add = new Map<string, number>()

  /** Each change is checked against what is there, so that what does not fit is refused where it is asked for. */
  set(key: string, value: unknown, known: Data): void {
    const { set = {} } = checkPatch({ set: { [key]: value as Json } }, this.#over(known, key))
    this.#set.set(key, set[key] as Json)
    this.#delete.delete(key)
    this.#add.delete(key)
  }

  delete(key: string): void {
    this.#delete.add(key)
    this.#set.delete(key)
    this.#add.delete(key)
  }

  add(key: string, amount: number, known: Data): void {
    const base = this.read(key, known) ?? 0
    if (typeof base !== 'number')
      throw new SessionError('not_a_number', `data.${key}: expected a number to add to; nothing was written`)
    if (this.#set.has(key) || this.#delete.has(key)) return this.set(key, base + amount, known)
    const sum = (this.#add.get(key) ?? 0) + amount
    checkPatch({ add: { [key]: sum } }, this.#over(known, key))
    this.#add.set(key, sum)
  }

  /** Whether the value of a key will be another one than is stored. */
  changes(key: string): boolean {
    return this.#set.has(key) || this.#delete.has(key) || this.#add.has(key)
  }

  /** The value of a key as it will be once this is saved over what is known. */
  read(key: string, known: Data): Json | undefined {
    if (this.#set.has(key)) return this.#set.get(key)
    if (this.#delete.has(key)) return undefined
    const stored = Object.hasOwn(known, key) ? known[key] : undefined
    const added = this.#add.get(key)
    return added === undefined ? stored : added + (typeof stored === 'number' ? stored : 0)
  }

  patch(): Patch {
    return {
      set: Object.fromEntries(this.#set),
      delete: [...this.#delete],
      add: Object.fromEntries(this.#add),
    }
  }

  /** As the first data of a new session; `undefined` where there would be nothing in it. */
  data(): Data | undefined {
    if (this.#set.size === 0 && this.#add.size === 0) return undefined
    return Object.fromEntries([...this.#add, ...this.#set])
  }

  /** What will be there but for one key, to measure what is put in its place. */
  #over(known: Data, key: string): Data {
    const data = new Map<string, Json>([...Object.entries(known), ...this.#add, ...this.#set])
    for (const removed of this.#delete) data.delete(removed)
    data.delete(key)
    return Object.fromEntries(data)
  }
}
