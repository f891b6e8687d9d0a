import type { Instant } from 'sojourn'

/** A sign-in that was refused although its credentials were right. */
export interface DeniedLoginsTable {
  readonly id: string
  readonly account: string
  readonly at: Instant
  readonly reason: string
}
