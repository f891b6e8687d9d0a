import type { Instant } from 'sojourn'

/** The authenticator app of an account: one at most. It goes with its account. */
export interface TotpTable {
  readonly account: string
  /** The shared secret, sealed under a key that is not in the database. */
  readonly sealed: string
  /** The time step of the code that was used last: it and all before it are good no more. */
  readonly last_step: number
  readonly created_at: Instant
  readonly last_used_at: Instant | null
}

/** Codes for whoever has lost their factors, each good once, kept as a keyed hash. They go with their account. */
export interface RecoveryCodesTable {
  readonly account: string
  readonly hash: string
  readonly created_at: Instant
  readonly used_at: Instant | null
}

/** WebAuthn credentials. They go with their account. */
export interface PasskeysTable {
  /** The credential id, base64url. */
  readonly id: string
  readonly account: string
  /** COSE, base64url. */
  readonly public_key: string
  /** The signature counter that was seen last; 0: this authenticator counts nothing. */
  readonly counter: number
  /** A JSON array of what the browser said of the ways to reach it. */
  readonly transports: string
  /** 1: it may be copied to other devices of its person; 0: it stays in one. */
  readonly is_synced: number
  readonly name: string
  readonly created_at: Instant
  readonly last_used_at: Instant | null
}

/** Challenges that were answered, until they would have expired anyway. */
export interface SpentChallengesTable {
  readonly nonce: string
  readonly expires_at: Instant
}
