import type { Instant } from 'sojourn'

/** A key of another back end. Its secret is not here: only what it hashes to. */
export interface ApiKeysTable {
  readonly id: string
  readonly name: string
  /** A JSON array of scopes. */
  readonly scopes: string
  /** Requests a minute that one node answers. */
  readonly rate: number
  readonly secret_hash: string
  readonly previous_hash: string | null
  readonly previous_until: Instant | null
  readonly created_at: Instant
  /** The account that made it; `null`: the command line. */
  readonly created_by: string | null
  readonly rotated_at: Instant | null
  readonly expires_at: Instant | null
  readonly revoked_at: Instant | null
  readonly last_used_at: Instant | null
}
