import { sql } from 'kysely'
import type { Clock, Instant, Millis } from 'sojourn'
import { day, minute, second } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { Busy } from './gate.ts'

/** What counts failures of one kind: under which key, and how many cost nothing. */
export interface Counter {
  readonly key: string
  readonly free: number
}

/** An attempt that was counted, so that it can be given back. */
export interface Taken extends Counter {
  readonly failures: number
  readonly at: Instant
}

export const longestWait: Millis = 5 * minute
/** A counter that rests this long begins anew. */
export const forgottenAfter: Millis = day

/** How long after its last failure a counter lets nobody try: a second after the free ones, then twice as long each time. */
export function waitAfter(failures: number, free: number): Millis {
  return failures < free ? 0 : Math.min(longestWait, second * 2 ** Math.min(20, failures - free))
}

/**
 * Counters of attempts, in the database, so that all nodes count as one. An attempt is counted before it is judged, in one
 * statement: of any number at once each sees the count of the one before it. One that has to wait is not counted, so that
 * nobody's wait grows while they wait. A counter that nobody could write to in time throws `Busy`.
 */
export class AttemptCounters {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  /** Counts an attempt; a number where it must not be judged: for how many milliseconds more. */
  async take(counter: Counter): Promise<Taken | Millis> {
    const at = this.#clock.now()
    return unlessBusy(async () => {
      const { key, free } = counter
      const rested = sql<boolean>`${at} - login_failures.last_at > ${forgottenAfter}`
      // What lies further ahead than any wait was written by a clock that was wrong, and keeps nobody waiting.
      const isAhead = sql<boolean>`login_failures.last_at - ${at} > ${longestWait}`
      const isDue = sql<boolean>`${at} - login_failures.last_at >= ${waitIn(free)}`
      const row = await this.#database
        .insertInto('login_failures')
        .values({ key, failures: 1, last_at: at })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({
              failures: sql<number>`case when ${rested} then 1 else login_failures.failures + 1 end`,
              last_at: at,
            })
            .where(sql<boolean>`login_failures.failures < ${free} or ${rested} or ${isAhead} or ${isDue}`),
        )
        .returning('failures')
        .executeTakeFirst()
      return row === undefined ? this.#left(counter, at) : { ...counter, failures: row.failures, at }
    })
  }

  /** The attempt was not judged, or was none of a guesser's: as if it had not been. Whoever counted since stays counted. */
  async giveBack({ key, free, failures, at }: Taken): Promise<void> {
    const before = at - waitAfter(failures - 1, free)
    const isLast = sql<boolean>`last_at = ${at} and failures = ${failures}`
    await unlessBusy(() =>
      this.#database
        .updateTable('login_failures')
        .set({
          failures: sql<number>`failures - 1`,
          last_at: sql<number>`case when ${isLast} then ${before} else last_at end`,
        })
        .where('key', '=', key)
        .where('failures', '>', 0)
        .execute(),
    )
  }

  /** Removes a counter; how many failures it had. */
  async clear(key: string): Promise<number> {
    const gone = await unlessBusy(() =>
      this.#database.deleteFrom('login_failures').where('key', '=', key).returning('failures').execute(),
    )
    return gone[0]?.failures ?? 0
  }

  /** Takes failures off a counter, as far as it has them. */
  async subtract(key: string, failures: number): Promise<void> {
    const left = sql<number>`case when failures > ${failures} then failures - ${failures} else 0 end`
    await unlessBusy(() =>
      this.#database.updateTable('login_failures').set({ failures: left }).where('key', '=', key).execute(),
    )
  }

  /** Removes all counters whose keys begin with a text. */
  async clearAll(prefix: string): Promise<void> {
    const begins = sql<boolean>`substr(key, 1, ${sql.lit(prefix.length)}) = ${prefix}`
    await this.#database.deleteFrom('login_failures').where(begins).execute()
  }

  /** Removes the counters that have rested long enough. */
  async sweep(): Promise<void> {
    const before = this.#clock.now() - forgottenAfter
    await this.#database.deleteFrom('login_failures').where('last_at', '<', before).execute()
  }

  async #left({ key, free }: Counter, at: Instant): Promise<Millis> {
    const row = await this.#database
      .selectFrom('login_failures')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst()
    return Math.max(1, row === undefined ? 1 : row.last_at + waitAfter(row.failures, free) - at)
  }
}

/** `waitAfter` as the database computes it. */
function waitIn(free: number) {
  const steps = Array.from({ length: 9 }, (_, step) => free + step)
  const cases = steps.map(
    (failures) => sql`when login_failures.failures = ${failures} then ${sql.lit(waitAfter(failures, free))}`,
  )
  return sql<Millis>`case ${sql.join(cases, sql` `)} else ${sql.lit(longestWait)} end`
}

/** SQLite's lock that was held for too long; PostgreSQL's lock timeout, serialization failure and deadlock. */
const contention: ReadonlySet<unknown> = new Set([5, 6, 261, 517, '55P03', '40001', '40P01'])

async function unlessBusy<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown }
    if (!contention.has(errcode) && !contention.has(code)) throw error
    throw new Busy('a counter of attempts is written by too many at once', { cause: error })
  }
}
