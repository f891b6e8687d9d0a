import type { Instant, Millis, Session } from './session.ts'
import type {
  Changes,
  CreateOptions,
  CreateResult,
  Elevation,
  End,
  Filter,
  FindOptions,
  Found,
  ListQuery,
  NewSession,
  Page,
  Patch,
  RestoreOptions,
  RestoreResult,
  SweepOptions,
  SweepResult,
  TouchEntry,
  UpgradeOptions,
  UpgradeResult,
  Watermark,
  WatermarkScope,
  WriteOptions,
  WriteResult,
} from './store-values.ts'

export type * from './store-values.ts'

/** A store answers at once or by a promise, so that memory and SQLite cost no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>

/** A law that a store may decline, with its reason, where it cannot keep it cheaply. */
export type Law = 'exact-limits' | 'key-writes' | 'list' | 'watermarks' | 'restore' | 'changes'

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
   * How late an answer of `find` may be at most, unless it is asked to be fresh: what was committed so long ago is in it.
   * Absent: not at all. No other verb is ever late.
   */
  readonly staleness?: Millis

  /**
   * Inserts a session. Ids are unique: a collision is refused, never overwritten. With a limit, after any number of
   * concurrent creates at most `most` activated live sessions of the subject stand in the realm; all the excess goes,
   * longest unseen first, then oldest, then by id, and never the new one. The moment of the step is the new session's
   * `lastSeenAt`: at it the siblings are counted and the excess ends, as `evicted_by_limit`.
   */
  create(entry: NewSession, options?: CreateOptions): Awaitable<CreateResult>

  /** Reading never writes. Absent is `undefined`. Ended sessions are found until they are purged. */
  find(id: string, how?: FindOptions): Awaitable<Found | undefined>

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
   * `gone` where the session is not live. `from` becomes the previous hash, `at` its moment, unconfirmed. What a factor
   * proved is written in the same step, or not at all.
   */
  regenerate(
    id: string,
    from: string,
    to: string,
    at: Instant,
    elevation?: Elevation,
  ): Awaitable<'regenerated' | 'lost' | 'gone'>

  /**
   * Writers of different keys never lose, concurrent `add`s sum, each write raises the revision by 1. On a session that is not
   * live: `gone`, never an insert.
   */
  write(id: string, patch: Patch, options: WriteOptions): Awaitable<WriteResult>

  /**
   * Ends the sessions that match and have not ended, and returns them as ended, in any order. Idempotent: the first reason
   * stands. A session that was over before `at` by its own limits ends at its deadline, with the timeout as its reason, by
   * nobody. In the same step the sessions below (`parent`) what it ends do, in any realm, at the same moment and for the
   * same reason, unless they were over before; and no session that matches, ended before or not, nor any below it, can
   * still be restored, except where the reason itself is `idle_timeout`. All ends cascade so: those of `create`,
   * `restore` and `sweep` too.
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
   * deadline, not the moment of the sweep) and what a watermark covers. Never a live one; what can still be restored is
   * kept, with its details. A watermark from before `purgeBefore` goes once all that it covers is marked, and with it what
   * could have made it restorable.
   */
  sweep(now: Instant, options: SweepOptions): Awaitable<SweepResult>

  /**
   * Spends the refresh token of a session, known by its hash, for a new session of the same family (`judgeRefresh`). Of many
   * who present it at once one is `spent`; all others in the grace period hear `grace`, and the same session stands. The
   * window counts from the first use and never slides. A predecessor that has not ended ends as `remember_restored`, at
   * `at`; what stood below it stands below the new one. It can be spent while the session is live, or where it ended as
   * `idle_timeout`, and no watermark covers it. `to` is made from the presented token, so that all presenters name one id;
   * it has the realm, the subject and the family of the predecessor, else it is refused as `invalid_option`. Admission is
   * as in `create`, without the predecessor. No secret of `to` counts as presented yet.
   */
  restore?(id: string, from: string, to: NewSession, options: RestoreOptions): Awaitable<RestoreResult>

  /** Takes or prolongs the lease of a job until a moment, for one holder; false where another still holds it at `at`. */
  lease(job: string, holder: string, at: Instant, until: Instant): Awaitable<boolean>

  /**
   * The feed: what others who keep answers of `find` must hear. It tells of every end, whatever verb brought it (a cascade,
   * an eviction, a replacement, a sweep), of every watermark that rose, and of every other change to what `find` tells of a
   * session that has not ended: its secrets, `confirmed`, data, elevation, activation, parent, its removal. It does not tell of
   * new sessions, of `lastSeenAt` and `lag`, or of anything that becomes of a session after its end. It may tell of a change
   * twice, and of one that was none.
   *
   * A change joins the feed in the same step that makes it. `null` means from now: the answer has no changes, and its cursor
   * stands after everything that was committed before the call. Each cursor goes on where its answer stopped: changes come
   * in the order in which they became visible, and none becomes visible before a cursor that was given out, so that nobody
   * who goes from cursor to cursor misses one. At most `limit` come, 1 to 1,000. **Fewer than `limit` mean that all that was
   * committed before the call has been told.** Any number read it, each at its own cursor; reading never writes.
   *
   * Changes are kept at least five minutes (`feedKept`, by the moments of sweeps) or as many as `feedMost`, whichever is less;
   * a cursor from before that is a `gap`, as is one that is not of this store.
   */
  changes?(after: string | null, limit: number): Awaitable<Changes>

  /**
   * Calls back soon after the feed grew, or may have; returns a function that stops it. It is a hint, never the proof:
   * whoever needs to know asks `changes`. It keeps no process alive, and what `grew` throws disturbs no verb.
   */
  watch?(grew: () => void): () => void

  /** Releases what the store holds. A client that was handed in stays open. */
  close?(): Awaitable<void>
}
