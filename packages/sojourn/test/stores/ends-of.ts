import type { Store } from '../../src/core/store.ts'

/** What a feed tells from now on of ends and watermarks, in any order. A model tells of changes that were none. */
export async function endsOf(store: Store): Promise<() => Promise<readonly string[]>> {
  const from = await store.changes?.(null, 1000)
  return async () => {
    const told = await store.changes?.(from?.cursor ?? null, 1000)
    const ends = told?.changes.filter(({ kind }) => kind !== 'changed') ?? []
    return ends.map((change) => JSON.stringify(change)).toSorted()
  }
}
