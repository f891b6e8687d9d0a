/** Who wants to know soon that a feed grew. */
export class Watchers {
  readonly #watchers = new Set<() => void>()
  #due = false

  /** A feed that has to be looked at to be heard of is looked at from `begin`, with the first, to `end`, with the last. */
  add(grew: () => void, begin = (): void => {}, end = (): void => {}): () => void {
    const watcher = (): void => grew()
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) begin()
    return () => {
      if (this.#watchers.delete(watcher) && this.#watchers.size === 0) end()
    }
  }

  /** Once for all that grew in one step, and after it: a watcher that reads sees the whole step. */
  tellSoon(): void {
    if (this.#due || this.#watchers.size === 0) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      for (const watcher of this.#watchers) {
        try {
          watcher()
        } catch {
          // Its own affair: the verb that made the feed grow has done its work.
        }
      }
    })
  }
}
