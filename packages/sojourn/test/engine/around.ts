import type { Store } from '../../src/core/store.ts'

/** A store whose every verb goes through `call`, which may count it, delay it, or answer in its place. */
export function around(store: Store, call: (verb: string, run: () => unknown) => unknown): Store {
  return new Proxy(store, {
    get(target, verb) {
      const member: unknown = Reflect.get(target, verb, target)
      if (typeof member !== 'function') return member
      return (...args: readonly unknown[]): unknown =>
        call(String(verb), () => Reflect.apply(member, target, args) as unknown)
    },
  })
}

/** A store in which other requests get their turn before and after every verb. */
export function distant(store: Store): Store {
  const later = async (run: () => unknown): Promise<unknown> => {
    await turn()
    const answer = await run()
    await turn()
    return answer
  }
  // What a watch returns is a function, and no answer.
  return around(store, (verb, run) => (verb === 'watch' ? run() : later(run)))
}

/** Counts the calls of each verb. */
export function counting(store: Store): { readonly store: Store; readonly calls: Record<string, number> } {
  const calls: Record<string, number> = {}
  const counted = around(store, (verb, run) => {
    calls[verb] = (calls[verb] ?? 0) + 1
    return run()
  })
  return { store: counted, calls }
}

/** Gives everything that waits one turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
