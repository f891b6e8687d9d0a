import type { Instant, Millis } from 'sojourn'

/** One row a job: who holds its lease, and how its last run went. */
export interface JobsTable {
  readonly name: string
  /** The node that took the lease last. */
  readonly holder: string
  /** The last moment at which it holds it, unless it is prolonged. */
  readonly held_until: Instant
  /** Rises with every taking: what an earlier holder writes by its own number counts no more. */
  readonly fence: number
  readonly next_at: Instant
  readonly started_at: Instant
  /** `null`: its first run has not ended. */
  readonly ended_at: Instant | null
  readonly took: Millis | null
  readonly rows: number | null
  /** What it did, in words. */
  readonly said: string | null
  /** Why the last run failed. */
  readonly error: string | null
}
