import type pg from 'pg'
import type { ListQuery, Store } from 'sojourn'
import { busySubject, madeAt } from './large-table.ts'
import { percentile } from './percentile.ts'
import type { Progress } from './progress.ts'

/** How long a page of a list took, in milliseconds. */
export interface ListPage {
  readonly list: string
  readonly page: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

const limit = 50
const deep = 10_000
const samples = 300

const lists = {
  live: { state: 'live' },
  ended: { state: 'ended' },
  'any state': { state: 'any' },
  'live of a subject with many': { state: 'live', subject: busySubject },
  'ended of a subject with many': { state: 'ended', subject: busySubject },
  'any state of a subject with twelve': { state: 'any', subject: 'u-1' },
} satisfies Record<string, Pick<ListQuery, 'state' | 'subject'>>

/**
 * The first page of each list, again and again, and the pages from the 10,000th on, or from two thirds of a list that is
 * shorter. The store is given the cursor of that place at once; an offset in the database tells which it is.
 */
export async function listPages(
  pool: pg.Pool,
  store: Store,
  progress: Progress,
): Promise<readonly ListPage[]> {
  const pages: ListPage[] = []
  let done = 0
  for (const [list, which] of Object.entries(lists)) {
    const query = { realm: 'main', at: madeAt, limit, ...which }
    pages.push({ list, page: 1, ...(await timesOf(store, query, false)) })
    const place = await deepPlace(pool, query)
    if (place !== undefined)
      pages.push({
        list,
        page: place.page,
        ...(await timesOf(store, { ...query, cursor: place.cursor }, true)),
      })
    progress(++done, Object.keys(lists).length)
  }
  return pages
}

async function timesOf(
  store: Store,
  query: ListQuery,
  goesOn: boolean,
): Promise<Omit<ListPage, 'list' | 'page'>> {
  const times: number[] = []
  let asked = query
  while (times.length < samples) {
    const before = performance.now()
    const { cursor } = await store.list(asked)
    times.push(performance.now() - before)
    if (goesOn) asked = cursor === null ? query : { ...query, cursor }
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), worst: percentile(times, 1) }
}

/** The cursor behind the page before: of a short list none. */
async function deepPlace(
  pool: pg.Pool,
  { state, subject }: ListQuery,
): Promise<{ readonly page: number; readonly cursor: string } | undefined> {
  const states = { live: 'ended_at IS NULL', ended: 'ended_at IS NOT NULL', any: 'true', restorable: 'false' }
  const these = `FROM sojourn_sessions WHERE realm = 'main' AND ${states[state]} AND subject = coalesce($1, subject)`
  const counted = await pool.query<{ count: number }>(`SELECT count(*)::int ${these}`, [subject ?? null])
  const page = Math.min(deep, Math.floor(((counted.rows[0]?.count ?? 0) / limit) * (2 / 3)))
  if (page < 2) return undefined
  const { rows } = await pool.query<{ cursor: string }>(
    `SELECT created_at || '.' || id AS cursor ${these} ORDER BY created_at DESC, id OFFSET $2 LIMIT 1`,
    [subject ?? null, (page - 1) * limit - 1],
  )
  return rows[0] && { page, cursor: rows[0].cursor }
}
