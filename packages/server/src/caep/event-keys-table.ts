import type { Instant } from 'sojourn'

/** A key that signs security event tokens, or did. */
export interface EventKeysTable {
  /** The `kid`: the thumbprint of the public half. */
  readonly id: string
  /** A JWK. */
  readonly public: string
  /** A JWK, sealed. */
  readonly private: string
  readonly created_at: Instant
  /** Since when it signs no more; its public half is told a while longer. */
  readonly retired_at: Instant | null
}
