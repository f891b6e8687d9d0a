import type { Refresh } from './remember.ts'
import type { Data, EndReason, Instant, Json, Millis, Session } from './session.ts'

/** A session as it is created: its record, the keyed hash of its secret, its first data. */
export interface NewSession {
  readonly session: Session
  readonly secretHash: string
  readonly data: Data
  /** The hash of its refresh token, good until `session.rememberedUntil`. Never with a guest. */
  readonly refreshHash?: string
}

/** A moment before which sessions are void, whatever their rows say, and the word for their end. */
export interface Watermark {
  readonly at: Instant
  readonly reason: EndReason
}

export interface Found {
  readonly session: Session
  readonly secretHash: string
  /** The hash that `secretHash` replaced at `session.regeneratedAt`, or `null`. Only the immediate predecessor is kept. */
  readonly previousHash: string | null
  /**
   * Whether the current secret has been presented since it replaced the previous one, or since `restore` made it. The
   * secret that `create` or `upgrade` made counts as presented.
   */
  readonly confirmed: boolean
  readonly data: Data
  /** The session's refresh token, spent or not; absent where it never had one, or can no longer be restored. */
  readonly refresh?: Refresh
  /** The latest watermark that covers the session, or `null`; at one moment the narrowest, by subject, then method, then policy. */
  readonly watermark: Watermark | null
}

/**
 * How many live, activated sessions of one subject may stand in a realm, and what happens to the excess. `most` is at least
 * 1. It binds only a new session that it would count: a guest or a pending one is always admitted.
 */
export interface Limit {
  readonly most: number
  readonly onExceed: 'evict' | 'refuse'
}

export interface CreateOptions {
  readonly limit?: Limit
  /**
   * A session that ends in the same step, as by `end`, before siblings are counted; what stood below an `upgraded` one
   * stands below the new one. Absent or ended already: no matter.
   */
  readonly replaces?: { readonly id: string; readonly reason: EndReason }
}

export type CreateResult =
  /** `ended`: the replaced session first, then the evicted, in order of eviction, then what stood below those. */
  | { readonly status: 'created'; readonly ended: readonly Session[] }
  /** The limit refused it. Nothing was written; `live` are the sessions that were counted, in order of eviction. */
  | { readonly status: 'refused'; readonly live: readonly Session[] }
  /** The id is taken. Nothing was written. */
  | { readonly status: 'duplicate' }

export interface UpgradeOptions {
  readonly limit?: Limit
  /** The revision at which the guest's data was read and merged. */
  readonly ifRevision: number
}

export type UpgradeResult =
  | CreateResult
  /** The session is missing, not live, or activated for a subject already. Nothing was written. */
  | { readonly status: 'gone' }
  /** Its data was written since `ifRevision`. Nothing was written. */
  | { readonly status: 'conflict' }

export interface TouchEntry {
  readonly id: string
  readonly at: Instant
  /** See `Session.lag`. */
  readonly lag: Millis
  /** The hash of the secret that was presented. Where it is the current one, its predecessor is from now on old after the grace period. */
  readonly confirm?: string
  /** Rewrites the hash of an unchanged secret under a newer pepper, where it still is `from`. */
  readonly rehash?: { readonly from: string; readonly to: string }
}

/**
 * Changes to single keys, in this order: `set` replaces, `delete` removes, `add` sums into a number (absent counts as 0),
 * `append` lengthens a list. The key `__proto__`, at any depth, and what is no JSON are refused as `invalid_data`; every other key is a key.
 */
export interface Patch {
  readonly set?: Data
  readonly delete?: readonly string[]
  readonly add?: { readonly [key: string]: number }
  /** Appends to an array (absent counts as empty) and keeps its last `most` items, a whole number. */
  readonly append?: { readonly [key: string]: { readonly items: readonly Json[]; readonly most: number } }
}

export interface WriteOptions {
  readonly at: Instant
  /** Write only if the data is still at this revision. */
  readonly ifRevision?: number
}

export type WriteResult =
  | { readonly status: 'written'; readonly revision: number; readonly data: Data }
  | { readonly status: 'gone' }
  | { readonly status: 'conflict'; readonly revision: number }
  /** `add` met a value that is no number. Nothing was written. */
  | { readonly status: 'not_a_number'; readonly key: string; readonly value: Json }
  /** `append` met a value that is no array. Nothing was written. */
  | { readonly status: 'not_a_list'; readonly key: string }

/** Which sessions: all given members must match; none given means the whole realm. */
export interface Filter {
  readonly realm: string
  readonly id?: string
  /** Spares this one. */
  readonly except?: string
  /** `null` stands for guests. */
  readonly subject?: string | null
  readonly app?: string
  readonly method?: string
  readonly family?: string
  readonly parent?: string
  readonly actor?: string
  readonly ip?: string
  /** Only sessions not seen after this moment; one that may have been, by its `lag`, is spared. */
  readonly unseenSince?: Instant
}

export interface End {
  readonly at: Instant
  readonly reason: EndReason
  readonly by?: string
}

export interface ListQuery extends Filter {
  /** Whether sessions are live is asked at this moment. */
  readonly at: Instant
  /**
   * `ended` are those marked so. What is over but not marked yet is in neither `live` nor `ended`, and in `any`.
   * `restorable` are those of both kinds that are over for want of use, with a refresh token that can still be spent.
   */
  readonly state: 'live' | 'ended' | 'restorable' | 'any'
  readonly reason?: EndReason
  /** At most this many items, 1 to 1,000. */
  readonly limit: number
  /** The `cursor` of the page before. Anything else is refused as `invalid_option`. */
  readonly cursor?: string
}

export interface Page {
  /** Newest `createdAt` first, then by id. */
  readonly items: readonly Session[]
  readonly cursor: string | null
}

/** What a watermark covers: a whole realm, one subject, one login method, or one revision of the policy. */
export interface WatermarkScope {
  readonly realm: string
  readonly subject?: string
  readonly method?: string
  readonly policy?: string
}

export interface SweepOptions {
  /** The most sessions that one call looks at to mark them, the most that it purges, and the most that it minimises. */
  readonly limit: number
  /**
   * Ended sessions are removed once they ended before this moment; one whose refresh token was spent, once that too was
   * before it, so that a copy is still known for one.
   */
  readonly purgeBefore: Instant
  /** Ended sessions lose address, browser, fingerprint and data once that holds for this moment. Absent: none does. */
  readonly minimiseBefore?: Instant
  /**
   * Only this realm's sessions, and its watermarks: realms that share a store have a retention and listeners each. What
   * stands below what it ends does end with it, in any realm. Absent: every realm's.
   */
  readonly realm?: string
  /** Only this subject's sessions of this realm, and no watermark. `realm` beside it says nothing. */
  readonly of?: { readonly realm: string; readonly subject: string }
}

export interface SweepResult {
  readonly ended: readonly Session[]
  readonly purged: number
  /** How many lost their details. */
  readonly minimised: number
  /** True where the batch was full: there may be more to do at once. It may be full of sessions that turned out to live. */
  readonly more: boolean
}

export interface RestoreOptions {
  readonly at: Instant
  /** How long a spent refresh token is answered with its successor, from its first use. */
  readonly grace: Millis
  readonly limit?: Limit
}

export type RestoreResult =
  /** First use: `to` was inserted. `ended`: the predecessor, if it still stood, then the evicted, then what stood below those. */
  | { readonly status: 'spent'; readonly ended: readonly Session[] }
  /**
   * Spent before for this session, which is live or can itself be restored: by a request of the same moment, or its answer
   * was lost.
   */
  | { readonly status: 'grace' | 'lost_response'; readonly session: Session }
  /** Spent in this moment, and its successor too: the client has a newer one by now. Nothing was written. */
  | { readonly status: 'late' }
  /**
   * A copy: the family ended as `token_reuse` in this step, and nothing of it can be restored. `session` is what the first
   * presenter got for the token, as it now is; where that is purged, the session whose token it was.
   */
  | { readonly status: 'reused'; readonly session: Session; readonly ended: readonly Session[] }
  /** The limit refused it. Nothing was written, and the token can still be spent. */
  | { readonly status: 'refused'; readonly live: readonly Session[] }
  /** Unknown, expired, or the session may not be restored. Nothing was written. */
  | { readonly status: 'gone' }

/** What verifying a factor changes of a session. */
export type Elevation = Pick<
  Session,
  'assurance' | 'amr' | 'authenticatedAt' | 'factors' | 'restored' | 'expiresAt'
>

/** What the feed tells. Ids, reasons and moments only: no secret, hash or data. */
export type Change =
  | { readonly kind: 'ended'; readonly id: string; readonly reason: EndReason; readonly at: Instant }
  /** What `find` tells of a session that has not ended is different, or the session is gone. */
  | { readonly kind: 'changed'; readonly id: string }
  | { readonly kind: 'watermark'; readonly scope: WatermarkScope; readonly watermark: Watermark }

export interface Changes {
  readonly changes: readonly Change[]
  /** Where the next call goes on. */
  readonly cursor: string
  /**
   * True where changes since the cursor are no longer kept, or the store cannot place it: anything may have changed. None
   * are returned then, and the new cursor is from now.
   */
  readonly gap: boolean
}

export interface FindOptions {
  /** A store that keeps answers asks the store behind it. Others are always fresh. */
  readonly fresh?: boolean
}
