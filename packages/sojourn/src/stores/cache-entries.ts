import type { Session } from '../core/session.ts'
import type { Found } from '../core/store.ts'
import type { Moment } from './timing.ts'

/** What a cache keeps of a session. */
export interface CacheEntry {
  found: Found
  /** When the read began that it comes from: it was right then, or later. */
  readonly loaded: Moment
  /** The stretch of the feed that was followed when that read began; nothing is heard of it from another. */
  readonly stretch: number
  readonly bytes: number
  /** Whether it was asked for since it was last spared. */
  used: boolean
}

/** About what a record takes beside its data. */
const recordBytes = 2_048

/** The records that a cache keeps, within bounds. What was not asked for lately goes first. */
export class CacheEntries {
  readonly #entries = new Map<string, CacheEntry>()
  readonly #most: number
  readonly #mostBytes: number
  #bytes = 0
  /** How many stand below another session. */
  #below = 0

  constructor(most: number, mostBytes: number) {
    this.#most = most
    this.#mostBytes = mostBytes
  }

  get size(): number {
    return this.#entries.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(id: string): CacheEntry | undefined {
    return this.#entries.get(id)
  }

  put(found: Found, loaded: Moment, stretch: number): void {
    const { id, parent } = found.session
    const bytes = recordBytes + 2 * JSON.stringify(found.data).length
    this.remove(id)
    if (bytes > this.#mostBytes) return
    this.#entries.set(id, { found, loaded, stretch, bytes, used: false })
    this.#bytes += bytes
    if (parent !== null) this.#below++
    this.#makeRoom()
  }

  remove(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#entries.delete(id)
    this.#bytes -= entry.bytes
    if (entry.found.session.parent !== null) this.#below--
  }

  /** Removes all of which something is true. */
  removeWhere(is: (found: Found) => boolean): void {
    for (const [id, { found }] of this.#entries) if (is(found)) this.remove(id)
  }

  removeBelow(parent: string): void {
    if (this.#below > 0) this.removeWhere(({ session }) => session.parent === parent)
  }

  /** Removes the session of this id, or without one all of which something is true, and what stands below them. */
  removeTrees(is: (session: Session) => boolean, id?: string): void {
    const roots = new Set(id === undefined ? [] : [id])
    if (id === undefined)
      for (const [each, { found }] of this.#entries) if (is(found.session)) roots.add(each)
    for (const root of roots) {
      this.remove(root)
      // What is added to a set while it is gone through is gone through too.
      if (this.#below > 0)
        for (const [each, { found }] of this.#entries) if (found.session.parent === root) roots.add(each)
    }
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
    this.#below = 0
  }

  /** Each goes round once more if it was used since it came or was last spared: the order of use, without a write at each. */
  #makeRoom(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size <= this.#most && this.#bytes <= this.#mostBytes) return
      if (entry.used) {
        entry.used = false
        this.#entries.delete(id)
        this.#entries.set(id, entry)
      } else this.remove(id)
    }
  }
}
