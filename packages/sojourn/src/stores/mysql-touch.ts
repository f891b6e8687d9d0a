import type { TouchEntry } from '../core/store.ts'

/**
 * A batch as the procedure `touch` takes it: entries of one session are in waves, one after the other, since a statement changes a row
 * once. Within a wave they are in the order of their ids, so that batches do not wait for each other crosswise.
 */
export function touchText(entries: readonly TouchEntry[]): {
  readonly text: string
  readonly waves: number
  readonly tells: boolean
} {
  const seen = new Map<string, number>()
  const rows = entries.map(({ id, at, lag, confirm, rehash }) => {
    const wave = seen.get(id) ?? 0
    seen.set(id, wave + 1)
    // The server refuses all of the JSON for half of a surrogate pair in it.
    return { id: id.toWellFormed(), at, lag, confirm, from: rehash?.from, to: rehash?.to, wave }
  })
  const text = JSON.stringify(rows.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.wave - b.wave)))
  const tells = entries.some(({ confirm, rehash }) => confirm !== undefined || rehash !== undefined)
  return { text, waves: Math.max(...seen.values()), tells }
}
