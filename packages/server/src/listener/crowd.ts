/** How many of one party are here; the next beyond the most is turned away. Parties of whom nobody is here cost nothing. */
export class Crowd {
  readonly #most: number
  readonly #here = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Whether there is room; whoever enters leaves by `leave`. */
  enter(party: string): boolean {
    const here = this.#here.get(party) ?? 0
    if (here >= this.#most) return false
    this.#here.set(party, here + 1)
    return true
  }

  leave(party: string): void {
    const here = this.#here.get(party) ?? 0
    if (here > 1) this.#here.set(party, here - 1)
    else this.#here.delete(party)
  }
}
