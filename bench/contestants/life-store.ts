import type { Session, Store } from 'sojourn'
import { memory } from 'sojourn/stores/memory'
import { temporarySqlite } from './temporary-sqlite.ts'

/** The stores that a session's life is measured on; in memory there is room for all of it. */
export const lifeStores = {
  memory: () => memory({ maxSessions: 1_000_000 }),
  sqlite: temporarySqlite,
} satisfies Record<string, () => Store>
export type LifeStore = keyof typeof lifeStores

let made = 0

/** Puts sessions like one that was started into a store, each with an id of its own, without an engine. */
export async function fill(store: Store, like: Session, count: number): Promise<void> {
  for (let one = 0; one < count; one++) {
    const id = `bench-${made++}`
    const session = { ...like, id, subject: `u-${one % 5_000}` }
    const { status } = await store.create({ session, secretHash: `hash-of-${id}`, data: {} })
    if (status !== 'created') throw new Error(`${id}: ${status}`)
  }
}
