import type { Instant, Millis } from '../core/session.ts'
import type { TouchEntry } from '../core/store.ts'
import type { Clock } from './clock.ts'

interface Seen {
  /** The last request that this process saw. */
  at: Instant
  /** What it last wrote for the session. */
  written: Instant
}

/**
 * Collects activity and writes it in batches. The first request after `every` is written soon, with a lag; once the session
 * has been quiet, the exact moment of its last request is written, without. So expiry is exact in the usual case, late by
 * `every` at worst, and one session costs two short writes for a burst of requests, however long.
 */
export class Touches {
  readonly #clock: Clock
  readonly #write: (entries: readonly TouchEntry[]) => void
  readonly #seen = new Map<string, Seen>()
  #due: TouchEntry[] = []
  #cancelFlush: (() => void) | undefined
  #cancelSettle: (() => void) | undefined

  constructor(clock: Clock, write: (entries: readonly TouchEntry[]) => void) {
    this.#clock = clock
    this.#write = write
  }

  /** A request was seen at `at`, and its activity is due to be written. */
  touch(id: string, at: Instant, every: Millis): void {
    this.#seen.set(id, { at, written: at })
    this.push({ id, at, lag: every })
    this.#settleLater(every)
  }

  /** A request was seen within `touchEvery` of what is written. Costs no write now. */
  note(id: string, at: Instant, written: Instant, every: Millis): void {
    const seen = this.#seen.get(id)
    if (seen !== undefined) seen.at = at
    else {
      this.#seen.set(id, { at, written })
      this.#settleLater(every)
    }
  }

  /** Adds an entry to the batch that is written at the end of this turn of the loop. */
  push(entry: TouchEntry): void {
    this.#due.push(entry)
    this.#cancelFlush ??= this.#clock.after(0, () => this.#flushDue())
  }

  /** The last request that this process knows of, where it is later than what a store may say. */
  lastSeen(id: string): Instant | undefined {
    return this.#seen.get(id)?.at
  }

  forget(id: string): void {
    this.#seen.delete(id)
  }

  /** Writes all there is, exactly. For a shutdown. */
  flush(): void {
    for (const [id, { at }] of this.#seen) this.#due.push({ id, at, lag: 0 })
    this.#seen.clear()
    this.#flushDue()
    this.#cancelSettle?.()
    this.#cancelSettle = undefined
  }

  #flushDue(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    const entries = this.#due
    this.#due = []
    if (entries.length > 0) this.#write(entries)
  }

  #settleLater(every: Millis): void {
    this.#cancelSettle ??= this.#clock.after(every, () => this.#settle(every))
  }

  /** Writes the exact last moment of every session that has been quiet for `every`; the others wait for the next round. */
  #settle(every: Millis): void {
    this.#cancelSettle = undefined
    const now = this.#clock.now()
    for (const [id, { at, written }] of this.#seen) {
      if (now - written < every) continue
      this.#seen.delete(id)
      this.#due.push({ id, at, lag: 0 })
    }
    if (this.#seen.size > 0) this.#settleLater(every)
    this.#flushDue()
  }
}
