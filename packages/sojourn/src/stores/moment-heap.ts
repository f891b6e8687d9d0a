import type { Instant } from '../core/session.ts'

export interface Timed {
  moment: Instant
  /** Index in the heap that holds it, or -1. */
  position: number
}

/** A binary heap, earliest moment first, from which an item can be removed wherever it stands. */
export class MomentHeap<Item extends Timed> {
  readonly #items: Item[] = []

  get first(): Item | undefined {
    return this.#items[0]
  }

  add(item: Item, moment: Instant): void {
    item.moment = moment
    this.#items.push(item)
    this.#rise(item, this.#items.length - 1)
  }

  remove(item: Item): void {
    const hole = item.position
    const last = this.#items.pop()
    item.position = -1
    if (last === undefined || last === item) return
    this.#sink(last, hole)
    this.#rise(last, last.position)
  }

  /** Gives an item a new moment. */
  move(item: Item, moment: Instant): void {
    this.remove(item)
    this.add(item, moment)
  }

  #rise(item: Item, from: number): void {
    let at = from
    while (at > 0) {
      const parent = this.#items[(at - 1) >> 1]
      if (parent === undefined || parent.moment <= item.moment) break
      this.#put(parent, at)
      at = (at - 1) >> 1
    }
    this.#put(item, at)
  }

  #sink(item: Item, from: number): void {
    let at = from
    for (;;) {
      const left = this.#items[2 * at + 1]
      const right = this.#items[2 * at + 2]
      const earlier = right !== undefined && left !== undefined && right.moment < left.moment ? right : left
      if (earlier === undefined || earlier.moment >= item.moment) break
      const next = earlier.position
      this.#put(earlier, at)
      at = next
    }
    this.#put(item, at)
  }

  #put(item: Item, at: number): void {
    this.#items[at] = item
    item.position = at
  }
}
