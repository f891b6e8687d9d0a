import type { Data, EndReason, Instant, Json, Millis, Session } from './session.ts'

/** A store answers at once or by a promise, so that memory and SQLite cost no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>

/** A session as it is created: its record, the keyed hash of its secret, its first data. */
export interface NewSession {
  readonly session: Session
  readonly secretHash: string
  readonly data: Data
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
  /** Whether the current secret has been presented since it replaced the previous one. */
  readonly confirmed: boolean
  readonly data: Data
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
  /** A session that ends in the same step, as by `end`, before siblings are counted. Absent or ended already: no matter. */
  readonly replaces?: { readonly id: string; readonly reason: EndReason }
}

export type CreateResult =
  /** `ended`: the replaced session first, then the evicted, in order of eviction. */
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
 * Changes to single keys, in this order: `set` replaces, `delete` removes, `add` sums into a number (absent counts as 0).
 * The key `__proto__`, at any depth, and what is no JSON are refused as `invalid_data`; every other key is a key.
 */
export interface Patch {
  readonly set?: Data
  readonly delete?: readonly string[]
  readonly add?: { readonly [key: string]: number }
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
  /** `ended` are those marked so. What is over but not marked yet is in neither list, and in `any`. */
  readonly state: 'live' | 'ended' | 'any'
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
  /** The most sessions that one call looks at to mark them, and the most that it purges. */
  readonly limit: number
  /** Ended sessions are removed once they ended before this moment. */
  readonly purgeBefore: Instant
  /** Only this subject's sessions of this realm. */
  readonly of?: { readonly realm: string; readonly subject: string }
}

export interface SweepResult {
  readonly ended: readonly Session[]
  readonly purged: number
  /** True where the batch was full: there may be more to do at once. It may be full of sessions that turned out to live. */
  readonly more: boolean
}

/** One token of a refresh family; one family a device. */
export interface RefreshToken {
  readonly hash: string
  readonly family: string
  readonly realm: string
  readonly subject: string
  /** The session that the token restores, or restored. */
  readonly session: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

export type SpendResult =
  /** First use: `next` is now the family's live token. */
  | { readonly status: 'spent'; readonly token: RefreshToken }
  /** Used before, its successor not yet: the same successor stands. */
  | { readonly status: 'grace'; readonly token: RefreshToken }
  /** Used before, and its successor too: the family and its sessions ended in this step. */
  | { readonly status: 'reused'; readonly token: RefreshToken; readonly ended: readonly Session[] }
  /** Unknown, expired, or its family has ended. */
  | { readonly status: 'refused' }

export type Change =
  | { readonly kind: 'ended'; readonly id: string; readonly reason: EndReason; readonly at: Instant }
  | { readonly kind: 'watermark'; readonly scope: WatermarkScope; readonly watermark: Watermark }

/** A law that a store may decline, with its reason, where it cannot keep it cheaply. */
export type Law = 'exact-limits' | 'key-writes' | 'list' | 'watermarks' | 'refresh' | 'changes'

/**
 * A place where sessions are kept. Each verb is one atomic step in one round trip. A store holds no policy and reads no
 * clock: every moment is an argument, and a whole number. It returns values that a caller cannot change it through, and
 * keeps nothing of what it was given that the caller can still change.
 *
 * "Live" means: not ended, within the session's own stored limits (`isLive`), and not covered by a watermark
 * (`createdAt <= watermark.at` is covered, so that a tie fails closed). What ends after it was over, by `end`, by a sweep or
 * as the replaced, ends at the moment and with the reason by which it was over (`overBy`).
 *
 * A store that cannot answer throws `store_unavailable`. A record that was damaged from outside fails closed: `find`,
 * `write` and `regenerate` throw `invalid_data` and name the session, while `end`, `list` and `sweep` still reach it; once
 * ended, it is found, without its data.
 */
export interface Store {
  /** For messages and metrics: `memory`, `sqlite`, … */
  readonly name: string
  /** Laws this store does not keep, each with the reason. */
  readonly declines?: { readonly [law in Law]?: string }

  /**
   * Inserts a session. Ids are unique: a collision is refused, never overwritten. With a limit, after any number of
   * concurrent creates at most `most` activated live sessions of the subject stand in the realm; all the excess goes,
   * longest unseen first, then oldest, then by id, and never the new one. The moment of the step is the new session's
   * `lastSeenAt`: at it the siblings are counted and the excess ends, as `evicted_by_limit`.
   */
  create(entry: NewSession, options?: CreateOptions): Awaitable<CreateResult>

  /** Reading never writes. Absent is `undefined`. Ended sessions are found until they are purged. */
  find(id: string): Awaitable<Found | undefined>

  /**
   * `lastSeenAt` never goes back; at an equal moment the smaller `lag` holds. Never inserts, and never revives: an entry for
   * a session that was not live at its `at` changes nothing.
   */
  touch(entries: readonly TouchEntry[]): Awaitable<void>

  /**
   * Binds a subject to a live guest or pending session, as `to` says: under the same id the record is replaced in place;
   * under a new id the old session ends as `upgraded` and the new one is inserted, in one step. Of many, one wins.
   * Admission and the moment of the step are as in `create`. The old secret is dead at once, without grace.
   */
  upgrade(id: string, to: NewSession, options: UpgradeOptions): Awaitable<UpgradeResult>

  /**
   * Compare-and-set on the secret's hash. Of many callers with one `from`, one hears `regenerated`, the others `lost`;
   * `gone` where the session is not live. `from` becomes the previous hash, `at` its moment, unconfirmed.
   */
  regenerate(id: string, from: string, to: string, at: Instant): Awaitable<'regenerated' | 'lost' | 'gone'>

  /**
   * Writers of different keys never lose, concurrent `add`s sum, each write raises the revision by 1. On a session that is not
   * live: `gone`, never an insert.
   */
  write(id: string, patch: Patch, options: WriteOptions): Awaitable<WriteResult>

  /**
   * Ends the sessions that match and have not ended, and returns them as ended, in any order. Idempotent: the first reason
   * stands. A session that was over before `at` by its own limits ends at its deadline, with the timeout as its reason, by
   * nobody. The refresh families of what it ends go in the same step.
   */
  end(which: Filter, end: End): Awaitable<readonly Session[]>

  /**
   * Sets the watermark of a scope, whose given members must all match. No row is visited. It only rises: at an equal moment
   * the first reason stands. What was created later is untouched.
   */
  voidBefore(scope: WatermarkScope, watermark: Watermark): Awaitable<void>

  /** One keyset page, stable while others insert. Never counts the table. */
  list(query: ListQuery): Awaitable<Page>

  /**
   * Purges a bounded batch past retention, then marks a bounded batch of what is over: the expired (`endedAt` is the
   * deadline, not the moment of the sweep) and what a watermark covers. Never a live one; what can still be restored is kept.
   * A watermark from before `purgeBefore` goes once all that it covers is marked.
   */
  sweep(now: Instant, options: SweepOptions): Awaitable<SweepResult>

  /** Adds the first token of a family. */
  issue?(token: RefreshToken): Awaitable<void>

  /**
   * Of many concurrent spends of one token one is `spent`; those within `grace` of that first use hear `grace`, with the
   * same `next`; a later one ends the family in the same step. The window never slides. A token of an ended family, or
   * of a revoked session, is `refused`.
   */
  spend?(hash: string, next: RefreshToken, at: Instant, grace: Millis): Awaitable<SpendResult>

  /** The feed of ends and watermarks after a cursor, in the order in which they became visible. */
  changes?(
    after: string | null,
    limit: number,
  ): Awaitable<{ readonly changes: readonly Change[]; readonly cursor: string }>

  /** Calls back soon after the feed grew; returns a function that stops it. */
  watch?(grew: () => void): () => void

  /** Releases what the store holds. A client that was handed in stays open. */
  close?(): Awaitable<void>
}
