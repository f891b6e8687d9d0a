import type { Store } from 'sojourn'

export interface Calls {
  reads: number
  writes: number
}

/** A store that counts what it is asked: a `find` or a `list` reads, every other verb writes. */
export function countingStore(store: Store): { readonly store: Store; readonly calls: Calls } {
  const calls: Calls = { reads: 0, writes: 0 }
  const counted = new Proxy(store, {
    get(target, verb) {
      const member: unknown = Reflect.get(target, verb)
      if (typeof member !== 'function') return member
      return (...given: readonly unknown[]): unknown => {
        calls[verb === 'find' || verb === 'list' ? 'reads' : 'writes']++
        return Reflect.apply(member, target, given)
      }
    },
  })
  return { store: counted, calls }
}
