import { type MeasuredStore, measuredStores } from './measured-stores.ts'
import { progressOf } from './progress.ts'
import { startSessions } from './start-sessions.ts'

/** What sessions take in a store. */
export interface SessionSize {
  readonly store: MeasuredStore
  readonly sessions: number
  /** Bytes a session: what the store takes more with the sessions than without. */
  readonly bytes: number
  readonly indexes: number | null
  readonly by: string
}

/** Fills each store with live sessions, one store after the other. */
export async function sessionSizes(sessions: number): Promise<readonly SessionSize[]> {
  const sizes: SessionSize[] = []
  for (const name of Object.keys(measuredStores) as MeasuredStore[]) sizes.push(await sizeIn(name, sessions))
  return sizes
}

async function sizeIn(name: MeasuredStore, sessions: number): Promise<SessionSize> {
  const { store, by, taken, close } = await measuredStores[name](sessions)
  try {
    const before = await taken()
    await startSessions(store, sessions, progressOf(`sessions in ${name}`))
    const after = await taken()
    const indexes =
      after.indexes === null || before.indexes === null ? null : (after.indexes - before.indexes) / sessions
    return { store: name, sessions, bytes: (after.bytes - before.bytes) / sessions, indexes, by }
  } finally {
    await store.close?.()
    await close()
  }
}
