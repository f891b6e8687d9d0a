import { SessionError } from '../core/errors.ts'
import type { Instant, Session } from '../core/session.ts'
import type { Change, Changes, Watermark, WatermarkScope } from '../core/store.ts'
import { feedKept, feedLimit, feedMost } from './feed.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { Names } from './sqlite-names.ts'
import { Watchers } from './watchers.ts'

type ChangeRow = readonly [seq: number, change: string | null, head: number]

/** The feed of a SQLite store. What writes is called within a step of the connection. A cursor is the number of a row. */
export class SqliteFeed {
  /** Who wants to know what this process wrote. */
  readonly watchers = new Watchers()
  readonly #connection: SqliteConnection
  readonly #sql: ReturnType<typeof feedStatements>

  constructor(connection: SqliteConnection, names: Names) {
    this.#connection = connection
    this.#sql = feedStatements(names)
  }

  ended({ id, endReason, endedAt }: Session): void {
    if (endReason !== null && endedAt !== null)
      this.#append({ kind: 'ended', id, reason: endReason, at: endedAt })
  }

  changed(id: string): void {
    this.#append({ kind: 'changed', id })
  }

  raised(scope: WatermarkScope, watermark: Watermark): void {
    this.#append({ kind: 'watermark', scope, watermark })
  }

  after(cursor: string | null, limit: number): Changes {
    feedLimit(limit)
    // What is not committed could be undone, and its numbers given again.
    if (this.#connection.db.isTransaction)
      throw new SessionError('store_unavailable', 'the feed is not read within a transaction')
    if (cursor !== null && /^[1-9]\d{0,14}$/.test(cursor)) {
      const place = Number(cursor)
      const [here, ...rows] = this.#connection.all<ChangeRow>(this.#sql.after, place, limit + 1)
      if (here?.[0] === place) {
        const changes = rows.flatMap(([, change]) => (change === null ? [] : [JSON.parse(change) as Change]))
        const next = rows.length === limit ? (rows.at(-1)?.[0] ?? place) : here[2]
        return { changes, cursor: String(next), gap: false }
      }
    }
    const head = this.#connection.get<readonly [number]>(this.#sql.head)?.[0] ?? 0
    return { changes: [], cursor: String(head), gap: cursor !== null }
  }

  /** Part of a sweep: notes the moment, and removes a beginning that is old enough, or too long. */
  prune(now: Instant): void {
    this.#connection.run(this.#sql.note, now)
    this.#connection.run(this.#sql.prune, now - feedKept, feedMost)
  }

  #append(change: Change): void {
    this.#connection.run(this.#sql.append, JSON.stringify(change))
    this.watchers.tellSoon()
  }
}

function feedStatements({ changes }: Names) {
  const head = `(SELECT max(seq) FROM ${changes})`
  return {
    append: `INSERT INTO ${changes} (at, change) VALUES (NULL, ?1)`,

    head: `SELECT max(seq) FROM ${changes}`,

    /** The row of the cursor first, if it is still there; it is all in one statement, so that nothing comes between. */
    after: `SELECT seq, change, ${head} FROM ${changes}
      WHERE seq >= ?1 AND (seq = ?1 OR change IS NOT NULL) ORDER BY seq LIMIT ?2`,

    /** Nothing where no change came since the last note: a feed at rest stays as it is. */
    note: `INSERT INTO ${changes} (at, change)
      SELECT ?1, NULL FROM ${changes} WHERE seq = ${head} AND change IS NOT NULL`,

    /** Never the last row, which the last cursor names. */
    prune: `DELETE FROM ${changes}
      WHERE seq < max(ifnull((SELECT max(seq) FROM ${changes} WHERE at <= ?1), 0), ${head} - ?2)`,
  } as const
}
