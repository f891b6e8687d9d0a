import type { Instant } from 'sojourn'

/** What happened, kept until everybody who is to hear of it has heard. */
export interface OutboxEventsTable {
  readonly id: string
  /** The order in which events became visible: whoever has read up to one misses none before it. */
  readonly position: number
  readonly type: string
  /** The public id of the session that it is about; empty: of none. */
  readonly session: string
  /** When it happened. */
  readonly at: Instant
  /** What is told of it, as JSON. */
  readonly data: string
  readonly written_at: Instant
}

/** One row for each event and each endpoint that is to hear of it. */
export interface DeliveriesTable {
  readonly event: string
  readonly endpoint: string
  readonly position: number
  readonly session: string
  readonly state: 'due' | 'delivered' | 'dead'
  readonly attempts: number
  /** When it came to be due, for the first time or by a replay. */
  readonly since: Instant
  readonly next_at: Instant
  /** Who is at it, until when; another may take it after that. */
  readonly holder: string | null
  readonly held_until: Instant
  readonly last_at: Instant | null
  readonly last_status: number | null
  /** Why the last attempt failed, in a word. */
  readonly last_error: string | null
}

/** How far a reader has come. */
export interface OutboxMarksTable {
  readonly name: string
  readonly number: number
  readonly place: string | null
}
