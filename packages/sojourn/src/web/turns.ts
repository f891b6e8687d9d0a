/** Acts that run one after the other, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> | undefined

  /** Whether anything was ever asked for. */
  get used(): boolean {
    return this.#last !== undefined
  }

  take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last === undefined ? act() : this.#last.then(act)
    // Whoever asked hears how it failed; the next act runs all the same.
    this.#last = turn.catch(() => {})
    return turn
  }
}
