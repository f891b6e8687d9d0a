/** Thrown where too many wait already, and where a database row is too busy to be counted in. */
export class Busy extends Error {
  override readonly name = 'Busy'
}

/**
 * Lets `width` tasks run at once and `waiting` wait. No party has more than an eighth of the places to wait, and places to
 * run are given to the parties in turn: however many tasks one of them brings, another's waits for one of each before it.
 * Whoever finds no place is turned away at once. Within a party the order is that of coming.
 */
export class Gate {
  readonly #width: number
  readonly #waiting: number
  readonly #share: number
  /** Who waits, by party. The party whose turn is next stands first; one that waits for nothing is not here. */
  readonly #queues = new Map<string, (() => void)[]>()
  #running = 0
  #queued = 0
  #turnedAway = 0

  constructor(width: number, waiting: number) {
    this.#width = width
    this.#waiting = waiting
    this.#share = Math.max(1, Math.floor(waiting / 8))
  }

  /** How many run and wait now, and how many were turned away so far. */
  get load(): { readonly running: number; readonly waiting: number; readonly turnedAway: number } {
    return { running: this.#running, waiting: this.#queued, turnedAway: this.#turnedAway }
  }

  async run<T>(party: string, task: () => Promise<T>): Promise<T> {
    await this.#enter(party)
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  #enter(party: string): Promise<void> | undefined {
    if (this.#running < this.#width) {
      this.#running++
      return undefined
    }
    const queue = this.#queues.get(party) ?? []
    if (this.#queued >= this.#waiting || queue.length >= this.#share) {
      this.#turnedAway++
      throw new Busy(`${this.#queued} wait already, ${queue.length} of one party`)
    }
    this.#queued++
    this.#queues.set(party, queue)
    return new Promise((resolve) => queue.push(resolve))
  }

  #leave(): void {
    const [turn] = this.#queues
    if (turn === undefined) {
      this.#running--
      return
    }
    const [party, queue] = turn
    const next = queue.shift()
    this.#queues.delete(party)
    if (queue.length > 0) this.#queues.set(party, queue)
    this.#queued--
    next?.()
  }
}
