import type { Instant } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import type { JobState } from './jobs.ts'

/** How each job ran last, as far as any node has run it, by name. */
export async function readJobs(
  database: Database,
  now: Instant,
): Promise<ReadonlyMap<string, NonNullable<JobState['last']>>> {
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
