/** Who wants to know soon that a feed grew. */
export class Watchers {
  readonly #watchers = new Set<() => void>()
  #due = false

  add(grew: () => void): () => void {
    const watcher = (): void => grew()
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
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
