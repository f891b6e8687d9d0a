import type { Data, Json } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import { checkPatch } from '../engine/data.ts'

/** What a request wants written, key by key, until it is saved. */
export class Pending {
  #set: Record<string, Json> = {}
  #delete = new Set<string>()
  #add: Record<string, number> = {}

  get isEmpty(): boolean {
    return (
      this.#delete.size === 0 && Object.keys(this.#set).length === 0 && Object.keys(this.#add).length === 0
    )
  }

  /** Each change is checked against what is there, so that what does not fit is refused where it is asked for. */
  set(key: string, value: unknown, known: Data): void {
    const clean = checkPatch({ ...this.patch(), set: { ...this.#set, [key]: value as Json } }, known)
    this.#set = { ...clean.set }
    this.#delete.delete(key)
    delete this.#add[key]
  }

  delete(key: string): void {
    this.#delete.add(key)
    delete this.#set[key]
    delete this.#add[key]
  }

  add(key: string, amount: number, known: Data): void {
    const base = Object.hasOwn(this.#set, key) ? this.#set[key] : this.#delete.has(key) ? 0 : undefined
    if (base !== undefined) return this.set(key, Number(base) + amount, known)
    const sum = (this.#add[key] ?? 0) + amount
    checkPatch({ ...this.patch(), add: { ...this.#add, [key]: sum } }, known)
    this.#add[key] = sum
  }

  /** The value of a key as it will be once this is saved over what is known. */
  read(key: string, known: Data): Json | undefined {
    if (Object.hasOwn(this.#set, key)) return this.#set[key]
    if (this.#delete.has(key)) return undefined
    const stored = known[key]
    const added = Object.hasOwn(this.#add, key) ? this.#add[key] : undefined
    return added === undefined ? stored : added + (typeof stored === 'number' ? stored : 0)
  }

  patch(): Patch {
    return { set: { ...this.#set }, delete: [...this.#delete], add: { ...this.#add } }
  }

  /** As the first data of a new session. */
  data(): Data {
    return { ...this.#add, ...this.#set }
  }
}
