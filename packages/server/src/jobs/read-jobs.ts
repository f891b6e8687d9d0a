import type { Instant, Millis } from 'sojourn'
import type { Database } from '../database/open-database.ts'

/** How a job ran last, or runs now. */
export interface JobRun {
  readonly node: string
  readonly startedAt: Instant
  /** `null`: it is at its first run. */
  readonly endedAt: Instant | null
  readonly took: Millis | null
  readonly rows: number | null
  readonly said: string | null
  readonly error: string | null
  readonly nextAt: Instant
  readonly isRunning: boolean
}

/** How each job ran last, as far as any node has run it, by name. */
export async function readJobs(database: Database, now: Instant): Promise<ReadonlyMap<string, JobRun>> {
  const rows = await database.selectFrom('jobs').selectAll().orderBy('name').execute()
  return new Map(
    rows.map((row) => [
      row.name,
      {
        node: row.holder,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        took: row.took,
        rows: row.rows,
        said: row.said,
        error: row.error,
        nextAt: row.next_at,
        isRunning: row.held_until >= now,
      },
    ]),
  )
}
