import type { Instant, Millis } from '../core/session.ts'
import type { Awaitable, TouchEntry } from '../core/store.ts'
import type { Clock } from './clock.ts'

/** What this process knows of a session in use, until it has been quiet for `every`. */
export interface InUse {
  /** The last request that this process saw. */
  at: Instant
  /** What is written covers requests until then: its moment and its lag. */
  covered: Instant
  every: Millis
  /** The secret that was last found right, and the stored hash that it has: comparing costs less than hashing anew. */
  accepted: { readonly hash: string; readonly secret: string; readonly isStale: boolean } | undefined
}

/**
 * Collects activity and writes it in batches. The first request after `every` is written soon, with a lag; once the session
 * has been quiet for `every`, the exact moment of its last request is written, without. So expiry is exact in the usual
 * case, and one session costs two short writes for a burst of requests, however long. Where this process dies before it
 * wrote the exact moment, the lag stands: expiry is late by `every` at worst, and not early.
 */
export class Touches {
  readonly #clock: Clock
  readonly #write: (entries: readonly TouchEntry[]) => Awaitable<void>
  readonly #seen = new Map<string, InUse>()
  readonly #underWay = new Set<Promise<void>>()
  #due: TouchEntry[] = []
  #cancelFlush: (() => void) | undefined
  #cancelSettle: (() => void) | undefined
  /** The rhythm of the settling that is planned: the shortest `every` of all that were seen. */
  #rhythm: Millis = Infinity

  /** `write` never throws: it reports what fails. */
  constructor(clock: Clock, write: (entries: readonly TouchEntry[]) => Awaitable<void>) {
    this.#clock = clock
    this.#write = write
  }

  /** A request was seen at `at`, and its activity is due to be written, unless another request of this process has just done so. */
  touch(id: string, at: Instant, every: Millis): void {
    const seen = this.#see(id, at, every)
    if (at <= seen.covered) return
    seen.covered = at + every
    this.push({ id, at, lag: every })
  }

  /** A request was seen that what is written covers. Costs no write now. `known`: what `inUse` answered of it. */
  note(id: string, at: Instant, covered: Instant, every: Millis, known?: InUse): void {
    const seen = this.#see(id, at, every, known)
    if (covered > seen.covered) seen.covered = covered
  }

  /** Adds an entry to the batch that is written at the end of this turn of the loop. */
  push(entry: TouchEntry): void {
    this.#due.push(entry)
    this.#cancelFlush ??= this.#clock.after(0, () => this.#flushDue())
  }

  /** `undefined`: it is not in use, as far as this process knows. */
  inUse(id: string): InUse | undefined {
    return this.#seen.get(id)
  }

  /** The last request that this process knows of; `undefined` once it is written, or where there was none. */
  lastSeen(id: string): Instant | undefined {
    return this.#seen.get(id)?.at
  }

  forget(id: string): void {
    this.#seen.delete(id)
  }

  /** Writes all there is, exactly, and waits until it is written. For a shutdown. */
  async flush(): Promise<void> {
    for (const [id, { at }] of this.#seen) this.#due.push({ id, at, lag: 0 })
    this.#seen.clear()
    this.#flushDue()
    this.#cancelSettle?.()
    this.#cancelSettle = undefined
    await Promise.all(this.#underWay)
  }

  #see(id: string, at: Instant, every: Millis, known?: InUse): InUse {
    let seen = known ?? this.#seen.get(id)
    if (seen === undefined)
      this.#seen.set(id, (seen = { at, covered: -Infinity, every, accepted: undefined }))
    else {
      if (at > seen.at) seen.at = at
      seen.every = every
    }
    this.#settleLater(every)
    return seen
  }

  #flushDue(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    const entries = this.#due
    this.#due = []
    if (entries.length === 0) return
    const written = this.#write(entries)
    if (!(written instanceof Promise)) return
    this.#underWay.add(written)
    void written.finally(() => this.#underWay.delete(written))
  }

  #settleLater(every: Millis): void {
    if (this.#cancelSettle !== undefined && every >= this.#rhythm) return
    this.#cancelSettle?.()
    this.#rhythm = every
    this.#cancelSettle = this.#clock.after(every, () => this.#settle())
  }

  /** Writes the exact last moment of every session that has been quiet for its `every`; the others wait for the next round. */
  #settle(): void {
    this.#cancelSettle = undefined
    const now = this.#clock.now()
    let rhythm = Infinity
    for (const [id, { at, every }] of this.#seen) {
      if (now - at < every) {
        rhythm = Math.min(rhythm, every)
        continue
      }
      this.#seen.delete(id)
      this.#due.push({ id, at, lag: 0 })
    }
    if (rhythm !== Infinity) this.#settleLater(rhythm)
    this.#flushDue()
  }
}
