import { randomUUID } from 'node:crypto'
import type { Change, Changes } from '../core/store.ts'
import { feedLimit, feedMost } from './feed.ts'
import { Watchers } from './watchers.ts'

/** The feed of a memory store: its latest changes, numbered from 1. */
export class MemoryFeed {
  readonly watchers = new Watchers()
  /** Tells the cursors of this store from those of another life of the process. */
  readonly #life = randomUUID().slice(0, 8)
  readonly #most: number
  #changes: Change[] = []
  /** The number of the latest change. */
  #last = 0

  constructor(most: number = feedMost) {
    this.#most = most
  }

  append(change: Change): void {
    this.#changes.push(change)
    this.#last++
    // Cut now and then, not each time: that would move them all.
    if (this.#changes.length >= 2 * this.#most) this.#changes = this.#changes.slice(-this.#most)
    this.watchers.tellSoon()
  }

  after(cursor: string | null, limit: number): Changes {
    feedLimit(limit)
    if (cursor === null) return { changes: [], cursor: this.#cursor(this.#last), gap: false }
    const place = this.#placeOf(cursor)
    if (place === undefined) return { changes: [], cursor: this.#cursor(this.#last), gap: true }
    const from = this.#changes.length - (this.#last - place)
    const changes = this.#changes.slice(from, from + limit)
    return { changes, cursor: this.#cursor(place + changes.length), gap: false }
  }

  #placeOf(cursor: string): number | undefined {
    const [, life, digits] = /^([\da-f]{8})-(0|[1-9]\d{0,14})$/.exec(cursor) ?? []
    const place = Number(digits)
    const kept = life === this.#life && place <= this.#last && this.#last - place <= this.#changes.length
    return kept ? place : undefined
  }

  #cursor(place: number): string {
    return `${this.#life}-${place}`
  }
}
