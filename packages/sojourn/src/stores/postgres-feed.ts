import { SessionError } from '../core/errors.ts'
import type { Change, Changes } from '../core/store.ts'
import { feedLimit } from './feed.ts'
import type { Query } from './postgres-client.ts'
import type { PgNames } from './postgres-names.ts'

/**
 * Reads the feed. Transactions commit in another order than they number their rows, so a number is no place in it: a cursor
 * is a snapshot of the database, and what follows is what that snapshot does not see. Nothing is locked for that, and a
 * transaction that stays open holds nothing up.
 *
 * A cursor is `feed_snapshot`, or, in the middle of what came between two snapshots, `feed_snapshot_snapshot_row`.
 */
export class PostgresFeed {
  readonly #query: Query
  readonly #sql: ReturnType<typeof statements>

  constructor(query: Query, names: PgNames) {
    this.#query = query
    this.#sql = statements(names)
  }

  async after(cursor: string | null, limit: number): Promise<Changes> {
    feedLimit(limit)
    const place = cursor === null ? undefined : readPlace(cursor)
    if (place === undefined) return this.#fromNow(cursor !== null)
    try {
      return await this.#page(place, limit)
    } catch (error) {
      // Digits that are no snapshot.
      if (error instanceof SessionError && error.code === 'invalid_data') return this.#fromNow(true)
      throw error
    }
  }

  async #page({ feed, from, to, row }: Place, limit: number): Promise<Changes> {
    const rows = await this.#query(this.#sql.after, [feed, from, to, row, limit])
    const [, now, isKept] = rows[0] ?? []
    if (isKept !== true) return { changes: [], cursor: `${feedOf(rows)}_${String(now)}`, gap: true }
    const told = rows.filter(([, , , seq]) => seq !== null)
    const changes = told.map(([, , , , , change]) => JSON.parse(String(change)) as Change)
    if (told.length < limit) return { changes, cursor: `${feed}_${String(now)}`, gap: false }
    const [, , , seq, isBefore] = told.at(-1) ?? []
    const places = isBefore === true ? [from, to ?? now, seq] : [to, now, seq]
    return { changes, cursor: [feed, ...places].join('_'), gap: false }
  }

  async #fromNow(gap: boolean): Promise<Changes> {
    const rows = await this.#query(this.#sql.now)
    return { changes: [], cursor: `${feedOf(rows)}_${String(rows[0]?.[1])}`, gap }
  }
}

interface Place {
  readonly feed: string
  readonly from: string
  readonly to: string | null
  readonly row: string
}

function readPlace(cursor: string): Place | undefined {
  const snapshot = String.raw`\d{1,19}:\d{1,19}:[\d,]*`
  const [, feed, from, to, row] =
    new RegExp(`^([\\da-f]{12})_(${snapshot})(?:_(${snapshot})_(\\d{1,18}))?$`).exec(cursor) ?? []
  return feed === undefined || from === undefined
    ? undefined
    : { feed, from, to: to ?? null, row: row ?? '0' }
}

function feedOf(rows: Awaited<ReturnType<Query>>): string {
  const feed = rows[0]?.[0]
  if (typeof feed !== 'string')
    throw new SessionError('store_unavailable', 'The feed has lost its first row. Restore a backup')
  return feed
}

function statements({ changes }: PgNames) {
  return {
    now: `SELECT t.change, pg_current_snapshot()::text FROM ${changes} t WHERE t.seq = 0`,

    /** What one snapshot does not see, first what an earlier call has begun to tell; all in one statement, so that nothing comes between. */
    after: `WITH feed AS MATERIALIZED (
        SELECT t.change AS feed, pg_current_snapshot() AS now, $2::text::pg_snapshot AS before,
          coalesce($3::text::pg_snapshot, pg_current_snapshot()) AS half,
          t.change = $1::text AND t.txid < pg_snapshot_xmin($2::text::pg_snapshot)
            AND pg_snapshot_xmax(coalesce($3, $2)::text::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) AS is_kept
        FROM ${changes} t WHERE t.seq = 0
      ), page AS (
        SELECT t.seq, pg_visible_in_snapshot(t.txid, f.half) AS is_before, t.change
        FROM feed f JOIN ${changes} t ON t.txid >= pg_snapshot_xmin($2::text::pg_snapshot)
        WHERE f.is_kept AND t.seq > 0 AND t.change IS NOT NULL AND NOT pg_visible_in_snapshot(t.txid, f.before)
          AND NOT (pg_visible_in_snapshot(t.txid, f.half) AND t.seq <= $4::text::bigint)
        ORDER BY 2 DESC, 1 LIMIT $5
      )
      SELECT f.feed, f.now::text, f.is_kept, p.seq, p.is_before, p.change FROM feed f LEFT JOIN page p ON true
      ORDER BY p.is_before DESC, p.seq`,
  } as const
}
