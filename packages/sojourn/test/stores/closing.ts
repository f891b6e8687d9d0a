import type { Store } from '../../src/core/store.ts'

/** A store in a process of its own, whose end lets the process end. */
export type Opened = Store & { close(): Promise<void> }

/** The store, which closes its client with it. */
export function closing(store: Store, closeClient: () => unknown): Opened {
  const close = async (): Promise<void> => {
    await store.close?.()
    await closeClient()
  }
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'close') return close
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  }) as Opened
}
