import type { ListInput, Page, Session } from 'sojourn'
import type { CompiledFilter } from './compile-filter.ts'

/** How many sessions are looked at for one answer, where the store alone cannot tell which match. */
export const mostLookedAt = 10_000

const most = 1_000

export interface FilteredPage extends Page {
  /** How many sessions were looked at. */
  readonly lookedAt: number
}

type List = (input: ListInput) => Promise<Page>

/**
 * One page of what a filter keeps. It may hold less than was asked for, even nothing, and still have a cursor: then
 * `mostLookedAt` sessions were looked at, and the next page goes on. `undefined`: the cursor is none of ours. Like the
 * store's own pages it is stable while others begin: its place is a moment and an id, not a number.
 */
export async function filteredPage(
  list: List,
  { which, keep }: CompiledFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  bound = mostLookedAt,
): Promise<FilteredPage | undefined> {
  if (keep === undefined) {
    const page = await list({ ...which, limit, ...(cursor === undefined ? {} : { cursor }) })
    return { ...page, lookedAt: page.items.length }
  }
  const place = cursor === undefined ? start : readPlace(cursor)
  if (place === undefined) return undefined
  const items: Session[] = []
  let { from } = place
  let lookedAt = 0
  for (;;) {
    const page: Page = await list({ ...which, limit: most, ...(from === null ? {} : { cursor: from }) })
    for (const session of page.items) {
      if (!isAfter(session, place)) continue
      lookedAt++
      const kept = keep(session)
      if (kept !== undefined) items.push(kept)
      if (items.length < limit && lookedAt < bound) continue
      return { items, lookedAt, cursor: writePlace({ from, createdAt: session.createdAt, id: session.id }) }
    }
    if (page.cursor === null) return { items, lookedAt, cursor: null }
    from = page.cursor
  }
}

/** The cursor of the store's page, and the last session of it that was looked at. */
interface Place {
  readonly from: string | null
  readonly createdAt: number
  readonly id: string
}

const start: Place = { from: null, createdAt: Number.POSITIVE_INFINITY, id: '' }

/** The order of lists: newest first, then by id. */
function isAfter({ createdAt, id }: Session, place: Place): boolean {
  return createdAt < place.createdAt || (createdAt === place.createdAt && id > place.id)
}

function writePlace({ from, createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([from, createdAt, id])).toString('base64url')
}

function readPlace(cursor: string): Place | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(read) || read.length !== 3) return undefined
    const [from, createdAt, id] = read as readonly unknown[]
    const isFrom = from === null || typeof from === 'string'
    return isFrom && Number.isSafeInteger(createdAt) && typeof id === 'string'
      ? { from, createdAt: Number(createdAt), id }
      : undefined
  } catch {
    return undefined
  }
}
