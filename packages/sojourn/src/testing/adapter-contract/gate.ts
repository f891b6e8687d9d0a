/** A place where requests wait for each other. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>()
  #waiting = 0
  #counted: { readonly count: number; readonly resolve: () => void }[] = []

  /** Waits here until the gate opens. */
  async pass(): Promise<void> {
    this.#waiting++
    for (const { count, resolve } of this.#counted) if (this.#waiting >= count) resolve()
    await this.#opened.promise
  }

  /** When as many wait as told. */
  async waiting(count: number): Promise<void> {
    if (this.#waiting >= count) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#counted.push({ count, resolve })
    await promise
  }

  /** Lets everybody through, now and later. */
  open(): void {
    this.#opened.resolve()
  }
}
