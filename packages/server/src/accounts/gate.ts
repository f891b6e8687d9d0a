/** Thrown where too many wait already. */
export class Busy extends Error {
  override readonly name = 'Busy'
}

/** Lets `width` tasks run at once and `waiting` wait in order; whoever comes then is turned away at once. */
export class Gate {
  readonly #width: number
  readonly #waiting: number
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor(width: number, waiting: number) {
    this.#width = width
    this.#waiting = waiting
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#width) {
      this.#running++
      return undefined
    }
    if (this.#queue.length >= this.#waiting) throw new Busy(`${this.#waiting} wait already`)
    return new Promise((resolve) => this.#queue.push(resolve))
  }

  /** Whoever waits longest takes the place of the one who leaves. */
  #leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#running--
    else next()
  }
}
