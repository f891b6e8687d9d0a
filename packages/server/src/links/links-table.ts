import type { Instant } from 'sojourn'

/** One-time links that were sent by mail. The token in the link is kept as a keyed hash only. */
export interface LinksTable {
  /** The public half of the token, by which it is looked up. */
  readonly id: string
  readonly hash: string
  readonly purpose: string
  /** `null`: it belongs to no account, and opens nothing or makes one. */
  readonly account: string | null
  /** The address that it was sent to, as addresses are compared. */
  readonly email_key: string
  /** JSON, as the purpose needs it. */
  readonly details: string
  readonly expires_at: Instant
  readonly used_at: Instant | null
}
