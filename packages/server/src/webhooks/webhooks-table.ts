import type { Instant } from 'sojourn'

/** Where events are sent. */
export interface WebhooksTable {
  readonly id: string
  readonly url: string
  readonly note: string
  readonly format: 'standard' | 'caep'
  /** A JSON array of event types. */
  readonly events: string
  /** The `aud` of tokens; `null`: the origin of the address. */
  readonly audience: string | null
  /** Sealed: what signs (`standard`), or what is sent as `Authorization` (`caep`). */
  readonly secret: string | null
  readonly previous_secret: string | null
  /** Until when the previous one signs too. */
  readonly previous_until: Instant | null
  readonly created_at: Instant
  readonly disabled_at: Instant | null
  /** `by_hand`, `failing` or `gone`. */
  readonly disabled_why: string | null
  /** Since when nothing has arrived; `null`: the last attempt did. */
  readonly failing_since: Instant | null
  /** How many attempts in a row have failed. */
  readonly failures: number
  /** Nothing is sent there before this moment. */
  readonly retry_at: Instant
}
