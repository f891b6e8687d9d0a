import type { Instant, Millis } from 'sojourn'
import { hour, minute } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'

export interface Lease {
  readonly job: string
  readonly holder: string
  readonly fence: number
}

export interface Asking {
  readonly job: string
  readonly holder: string
  readonly now: Instant
  readonly lasts: Millis
  /** Whether it is asked for although the next run is not due. */
  readonly early: boolean
}

/** How far the clocks of nodes may be apart, and how far ahead the next run of a job lies at most. */
const apart: Millis = 5 * minute
const mostAhead: Millis = 2 * hour

/**
 * Takes the lease of a job, in one step: of any number who ask at once one gets it, and nobody while another holds it. It is
 * held until `now + lasts`, that moment included. Each taking gets a fence above all before it. What lies further ahead than
 * any lease or pause was written by a clock that was wrong, and keeps nobody from the job. `undefined`: somebody has it, or
 * the job is not due.
 */
export async function takeLease(database: Database, asking: Asking): Promise<Lease | undefined> {
  const { job, holder, now, lasts, early } = asking
  const row = await database
    .insertInto('jobs')
    .values({ name: job, holder, held_until: now + lasts, fence: 1, next_at: now, started_at: now })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((kept) => ({
          holder,
          held_until: now + lasts,
          started_at: now,
          fence: kept('jobs.fence', '+', 1),
        }))
        .where(({ or, eb }) =>
          or([eb('jobs.held_until', '<', now), eb('jobs.held_until', '>', now + lasts + apart)]),
        )
        .where(({ or, eb }) =>
          or([
            eb('jobs.next_at', '<=', early ? Number.MAX_SAFE_INTEGER : now),
            eb('jobs.next_at', '>', now + mostAhead),
          ]),
        ),
    )
    .returning('fence')
    .executeTakeFirst()
  return row === undefined ? undefined : { job, holder, fence: row.fence }
}

/** Holds it longer; false where somebody else has taken it meanwhile. */
export async function prolongLease(database: Database, lease: Lease, until: Instant): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('jobs')
    .set({ held_until: until })
    .where('name', '=', lease.job)
    .where('fence', '=', lease.fence)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface Ran {
  readonly endedAt: Instant
  readonly nextAt: Instant
  readonly took: Millis
  readonly rows: number
  readonly said: string | null
  readonly error: string | null
}

/** Gives it back with how the run went; false, and nothing is written, where somebody else has taken it meanwhile. */
export async function giveBack(database: Database, lease: Lease, ran: Ran): Promise<boolean> {
  const { endedAt, nextAt, took, rows, said, error } = ran
  const { numUpdatedRows } = await database
    .updateTable('jobs')
    .set({ held_until: endedAt - 1, ended_at: endedAt, next_at: nextAt, took, rows, said, error })
    .where('name', '=', lease.job)
    .where('fence', '=', lease.fence)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
