import assert from 'node:assert/strict'
import type { Change, Store } from '../../core/store.ts'

/** How many changes a law asks for at once, unless it says otherwise. */
export const limit = 100

/** The feed of a store from now on: each call tells what has come since the last, and that nothing is missing. */
export async function follow(store: Store, most = limit): Promise<() => Promise<readonly Change[]>> {
  const changes = feedOf(store)
  const first = await changes(null, most)
  assert.deepEqual([first.changes, first.gap], [[], false], 'null means from now')
  let { cursor } = first
  return async () => {
    const told: Change[] = []
    for (;;) {
      const page = await changes(cursor, most)
      assert.equal(page.gap, false)
      assert.ok(page.changes.length <= most)
      told.push(...page.changes)
      cursor = page.cursor
      if (page.changes.length < most) return told
    }
  }
}

export function feedOf(store: Store): NonNullable<Store['changes']> {
  assert.ok(store.changes, 'the store has no feed, and does not decline it')
  return store.changes.bind(store)
}

/** The ids that were told of as ended, each once, sorted. */
export function endedIn(told: readonly Change[]): readonly string[] {
  return [...new Set(told.flatMap((change) => (change.kind === 'ended' ? [change.id] : [])))].toSorted()
}

export function changedIn(told: readonly Change[]): readonly string[] {
  return [...new Set(told.flatMap((change) => (change.kind === 'changed' ? [change.id] : [])))].toSorted()
}
