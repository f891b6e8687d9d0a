import { isListedAfter } from './cursor.ts'
import type { Place } from './cursor.ts'
import type { MemoryRow } from './memory-row.ts'

/**
 * Rows in the order of lists, kept in an array that is read from its end: a new session is nearly always the newest, so
 * inserting costs next to nothing. Removed rows are dropped together once they are half of it.
 */
export class CreationOrder {
  #rows: MemoryRow[] = []
  #gone = 0

  get size(): number {
    return this.#rows.length - this.#gone
  }

  insert(row: MemoryRow): void {
    const at = this.#countAfter(row.found.session)
    if (at === this.#rows.length) this.#rows.push(row)
    else this.#rows.splice(at, 0, row)
  }

  /** The row has been marked as gone. */
  forget(): void {
    this.#gone++
    if (this.#gone * 2 <= this.#rows.length) return
    this.#rows = this.#rows.filter((row) => !row.gone)
    this.#gone = 0
  }

  /** In the order of lists, strictly after a place where one is given. No row may be removed meanwhile. */
  *after(place?: Place): Generator<MemoryRow, void, undefined> {
    for (let at = (place === undefined ? this.#rows.length : this.#countAfter(place)) - 1; at >= 0; at--) {
      const row = this.#rows[at]
      if (row !== undefined && !row.gone) yield row
    }
  }

  #countAfter(place: Place): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      const row = this.#rows[middle]
      if (row !== undefined && isListedAfter(row.found.session, place)) low = middle + 1
      else high = middle
    }
    return low
  }
}
