import type { Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'

/** A store that fails while `down` is set. */
export function failingStore(): { readonly store: Store; readonly state: { down: boolean } } {
  const state = { down: false }
  const store = new Proxy(memory(), {
    get(target, name, self): unknown {
      const value: unknown = Reflect.get(target, name, self)
      if (typeof value !== 'function' || name === 'close') return value
      return (...given: unknown[]): unknown => {
        if (state.down) throw new Error('connection refused by 10.0.0.7')
        return Reflect.apply(value, target, given)
      }
    },
  })
  return { store, state }
}
