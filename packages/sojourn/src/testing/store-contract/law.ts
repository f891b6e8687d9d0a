import assert from 'node:assert/strict'
import type { EndReason, Instant, Session } from '../../core/session.ts'
import type {
  CreateOptions,
  Found,
  ListQuery,
  NewSession,
  RestoreOptions,
  RestoreResult,
  Store,
} from '../../core/store.ts'
import { start } from '../fixtures.ts'

/** Laws by title, each with what must hold on a fresh, empty store. */
export interface Laws {
  readonly [title: string]: (store: Store) => Promise<void>
}

/** How many calls a law makes at once where it is about concurrency. */
export const many = 50

/** Creates sessions that no limit refuses. */
export async function createAll(
  store: Store,
  entries: readonly NewSession[],
  options?: CreateOptions,
): Promise<void> {
  for (const entry of entries) assert.equal((await store.create(entry, options)).status, 'created')
}

/** Calls at once, as many as told, and waits for all answers. */
export function atOnce<T>(count: number, call: (index: number) => T | Promise<T>): Promise<Awaited<T>[]> {
  return Promise.all(Array.from({ length: count }, async (_, index) => await call(index)))
}

/** What stands under an id that must be there. */
export async function standing(store: Store, id: string): Promise<Found> {
  const found = await store.find(id)
  assert.ok(found, `${id} is not found`)
  return found
}

/** Restores, in a store that does not decline it. */
export async function restore(
  store: Store,
  id: string,
  from: string,
  to: NewSession,
  options: RestoreOptions,
): Promise<RestoreResult> {
  assert.ok(store.restore, 'the store has no restore, and does not decline it')
  return await store.restore(id, from, to, options)
}

/** How a session ended: its moment and reason; both `null` while it has not. */
export async function endOf(store: Store, id: string): Promise<readonly [Instant | null, EndReason | null]> {
  const { session } = await standing(store, id)
  return [session.endedAt, session.endReason]
}

/** The ids of everything that a query lists, over all its pages, in order. */
export async function listIds(store: Store, query: Partial<ListQuery> = {}): Promise<readonly string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const next: { cursor?: string } = cursor === null ? {} : { cursor }
    const page = await store.list({ realm: 'main', at: start, state: 'live', limit: 7, ...query, ...next })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.cursor
  } while (cursor !== null)
  return ids
}

export function idsOf(sessions: readonly Session[]): readonly string[] {
  return sessions.map(({ id }) => id)
}

/** For answers whose order no law sets. */
export function sortedIds(sessions: readonly Session[]): readonly string[] {
  return idsOf(sessions).toSorted()
}
