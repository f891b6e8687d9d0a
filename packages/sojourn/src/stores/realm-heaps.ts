import type { Instant } from '../core/session.ts'
import type { MemoryRow } from './memory-row.ts'
import { MomentHeap } from './moment-heap.ts'

/** Rows by a moment, in one heap a realm, so that what is asked of one realm does not go through the others. */
export class RealmHeaps {
  readonly #realms = new Map<string, MomentHeap<MemoryRow>>()

  /** The earliest row of a realm, or of all. */
  first(realm?: string): MemoryRow | undefined {
    if (realm !== undefined) return this.#realms.get(realm)?.first
    let earliest: MemoryRow | undefined
    for (const { first } of this.#realms.values())
      if (first !== undefined && (earliest === undefined || first.moment < earliest.moment)) earliest = first
    return earliest
  }

  add(row: MemoryRow, moment: Instant): void {
    const { realm } = row.found.session
    const heap = this.#realms.get(realm) ?? new MomentHeap()
    this.#realms.set(realm, heap)
    heap.add(row, moment)
    row.heap = heap
  }

  /** A realm that has no rows any more. */
  drop(realm: string): void {
    this.#realms.delete(realm)
  }
}
