/** As many sessions as are remembered, and as many words for each: enough for what goes on at once, too little to hurt. */
const mostSessions = 10_000
const mostWords = 16

/**
 * What was told of a session already, so that a state that lasts is told once and not with every request. Bounded: of the
 * sessions that were told of longest ago it forgets, and may tell again.
 */
export class OncePerSession {
  readonly #told = new Map<string, Set<string>>()

  /** Whether this is told of the session for the first time; from now on it is not. */
  isNew(id: string, word: string): boolean {
    const words = this.#told.get(id)
    if (words?.has(word) === true || words?.size === mostWords) return false
    if (words !== undefined) words.add(word)
    else {
      const [oldest] = this.#told.keys()
      if (this.#told.size === mostSessions && oldest !== undefined) this.#told.delete(oldest)
      this.#told.set(id, new Set([word]))
    }
    return true
  }

  forget(id: string): void {
    this.#told.delete(id)
  }
}
