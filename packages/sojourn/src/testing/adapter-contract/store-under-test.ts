import type { Store } from '../../core/store.ts'

interface Pause {
  /** When a call has come to the pause. */
  readonly reached: Promise<void>
  /** Lets the call go on to the store. */
  readonly release: () => void
}

/** A store that tells what it was asked, and that can be slow or down. */
export class StoreUnderTest {
  readonly store: Store
  /** The verbs that were called, in order. */
  readonly calls: string[] = []
  /** While true, every call fails. */
  down = false
  readonly #pauses = new Map<string, () => Promise<void>>()

  constructor(inner: Store) {
    this.store = new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function' || name === 'close') return member
        const verb = member as (...args: unknown[]) => unknown
        return (...args: unknown[]) => this.#call(String(name), () => verb.apply(target, args))
      },
    })
  }

  /** The next call of a verb waits until it is released. */
  pause(verb: keyof Store): Pause {
    const arrival = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    this.#pauses.set(verb, () => {
      this.#pauses.delete(verb)
      arrival.resolve()
      return released.promise
    })
    return { reached: arrival.promise, release: released.resolve }
  }

  #call(verb: string, run: () => unknown): unknown {
    this.calls.push(verb)
    if (this.down) throw new Error('the connection was refused')
    const wait = this.#pauses.get(verb)
    return wait === undefined ? run() : wait().then(run)
  }
}
