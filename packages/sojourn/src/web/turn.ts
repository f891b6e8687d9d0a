/**
 * A promise that knows whether anybody waits for it. Where nobody does and it fails, Node is not told of an unhandled
 * rejection: whoever made it has to ask `isHeard`, and to answer for the failure.
 */
export class Turn<T> extends Promise<T> {
  #isHeard = false

  /** What `then` gives is a promise like any other. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  get isHeard(): boolean {
    return this.#isHeard
  }

  // `await`, `catch`, `finally` and `Promise.all` all come here, since this is no plain promise.
  // oxlint-disable-next-line no-thenable
  override then<Kept = T, Caught = never>(
    kept?: ((value: T) => Kept | PromiseLike<Kept>) | null,
    failed?: ((error: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Kept | Caught> {
    this.#isHeard = true
    return super.then(kept, failed)
  }

  /** When it is over, however. It does not count as being heard. */
  ended(failed: (error: unknown) => void): Promise<void> {
    return super.then(() => {}, failed)
  }
}
