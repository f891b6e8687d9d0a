import type { Store } from 'sojourn'

/** How long the end of a client is waited for, in milliseconds: one whose server stands still would keep the process. */
const patience = 2_000

/** A store that was just made, and closes its client with itself. */
export function openedStore(store: Store, closeClient: () => unknown): Store {
  const close = store.close?.bind(store)
  return Object.assign(store, {
    async close(): Promise<void> {
      await close?.()
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, patience)
      await Promise.race([closeClient(), promise]).finally(() => clearTimeout(timer))
    },
  })
}
