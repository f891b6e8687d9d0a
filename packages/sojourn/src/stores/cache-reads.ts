import { SessionError } from '../core/errors.ts'
import { covers } from '../core/over.ts'
import type { Millis } from '../core/session.ts'
import type {
  Awaitable,
  Change,
  Filter,
  FindOptions,
  Found,
  Store,
  TouchEntry,
  Watermark,
  WatermarkScope,
} from '../core/store.ts'
import { CacheEntries } from './cache-entries.ts'
import type { CacheEntry } from './cache-entries.ts'
import { FeedLease } from './feed-lease.ts'
import { matches } from './matches.ts'
import { lives } from './standing.ts'
import { ageOf, momentOf } from './timing.ts'
import type { Moment, Timing } from './timing.ts'

/** Where an answer of `find` came from, and how old it may be at most. */
export interface CacheAnswer {
  readonly from: 'memory' | 'store'
  /** Milliseconds; 0 from the store. */
  readonly freshness: Millis
}

export interface CacheSettings {
  readonly staleness: Millis
  readonly keepFor: Millis
  readonly maxEntries: number
  readonly maxBytes: number
  readonly onAnswer: (answer: CacheAnswer) => void
  readonly onError: (error: unknown) => void
  readonly timing: Timing
}

/** A read that is under way. */
interface Load {
  readonly begun: Moment
  readonly stretch: number
  /** Something was heard of its session since it began: what it brings may be from before that, and is not kept. */
  spoiled: boolean
  answer?: Promise<Found | undefined>
}

const fromStore: CacheAnswer = { from: 'store', freshness: 0 }

/** Reads of a cache: what is kept, how long it may be answered, and how it gets there. */
export class CacheReads {
  readonly entries: CacheEntries
  readonly #store: Store
  readonly #settings: CacheSettings
  readonly #lease: FeedLease
  /** By session; of one several may be under way, where some were to be fresh. */
  readonly #loads = new Map<string, Set<Load>>()

  constructor(store: Store, settings: CacheSettings) {
    const { staleness, timing, maxEntries, maxBytes, onError } = settings
    this.#store = store
    this.#settings = settings
    this.entries = new CacheEntries(maxEntries, maxBytes)
    this.#lease = new FeedLease(
      store,
      timing,
      { every: staleness / 4, patience: staleness },
      { hear: (change) => this.#hear(change), missed: () => this.forgetAll(), failed: onError },
    )
  }

  find(id: string, how: FindOptions | undefined): Awaitable<Found | undefined> {
    this.#lease.follow()
    if (how?.fresh === true) return this.#load(id, how)
    const { staleness, onAnswer } = this.#settings
    const entry = this.entries.get(id)
    if (entry !== undefined) {
      const freshness = this.#ageOf(entry)
      if (freshness < staleness) {
        entry.used = true
        onAnswer({ from: 'memory', freshness })
        return entry.found
      }
    }
    return this.#joined(id) ?? this.#load(id, how)
  }

  /** How old an answer by the lease would be at most. */
  freshness(): Millis {
    return this.#lease.age()
  }

  stop(): void {
    this.#lease.stop()
    this.entries.clear()
  }

  /** What is kept of a session, or is about to be, is no longer right. */
  forget(id: string): void {
    this.entries.remove(id)
    for (const load of this.#loads.get(id) ?? []) load.spoiled = true
  }

  forgetBelow(parent: string): void {
    this.entries.removeBelow(parent)
    this.#spoilLoads()
  }

  /** What a filter names, and all that stands below it; of how long ago it was seen, another node may know more. */
  forgetMatching(which: Filter): void {
    const whenever = { ...which, unseenSince: Infinity }
    this.entries.removeTrees((session) => matches(session, whenever), which.id)
    if (which.id === undefined) this.#spoilLoads()
  }

  forgetCovered(scope: WatermarkScope, watermark: Watermark): void {
    this.entries.removeWhere(({ session }) => covers(scope, watermark, session))
    this.#spoilLoads()
  }

  forgetAll(): void {
    this.entries.clear()
    this.#spoilLoads()
  }

  /** A use was written. What is kept follows, as the store does it. */
  used({ id, at, lag, confirm, rehash }: TouchEntry): void {
    const entry = this.entries.get(id)
    if (confirm !== undefined || rehash !== undefined) return this.forget(id)
    if (entry === undefined || !lives(entry.found, at)) return
    const { session } = entry.found
    if (at > session.lastSeenAt || (at === session.lastSeenAt && lag < session.lag))
      entry.found = Object.freeze({
        ...entry.found,
        session: Object.freeze({ ...session, lastSeenAt: at, lag }),
      })
  }

  #spoilLoads(): void {
    for (const loads of this.#loads.values()) for (const load of loads) load.spoiled = true
  }

  #hear(change: Change): void {
    if (change.kind === 'watermark') this.forgetCovered(change.scope, change.watermark)
    else this.forget(change.id)
  }

  /** How long ago what is kept was right for certain. */
  #ageOf({ loaded, stretch }: CacheEntry): Millis {
    const { keepFor, timing } = this.#settings
    const sinceLoaded = ageOf(loaded, timing)
    if (sinceLoaded >= keepFor) return Infinity
    return stretch > 0 && stretch === this.#lease.stretch
      ? Math.min(sinceLoaded, this.#lease.age())
      : sinceLoaded
  }

  /** The answer of a read that is under way, where it is as good as one that begins now. */
  #joined(id: string): Promise<Found | undefined> | undefined {
    const { staleness, timing } = this.#settings
    for (const { begun, spoiled, answer } of this.#loads.get(id) ?? [])
      if (!spoiled && answer !== undefined && ageOf(begun, timing) < staleness) return answer
    return undefined
  }

  #load(id: string, how: FindOptions | undefined, isSecond = false): Awaitable<Found | undefined> {
    const { timing } = this.#settings
    const load: Load = { begun: momentOf(timing), stretch: this.#lease.stretch, spoiled: false }
    const loads = this.#loads.get(id) ?? new Set()
    this.#loads.set(id, loads.add(load))
    const over = (): void => {
      loads.delete(load)
      if (loads.size === 0 && this.#loads.get(id) === loads) this.#loads.delete(id)
    }
    try {
      const found = this.#store.find(id, how)
      if (found instanceof Promise) {
        // Over and settled in one turn of the queue: what is heard in between would spoil nothing.
        load.answer = found.then(
          (found) => {
            over()
            return this.#settle(id, how, load, found, isSecond)
          },
          (error: unknown) => {
            over()
            throw error
          },
        )
        return load.answer
      }
      over()
      return this.#settle(id, how, load, found, isSecond)
    } catch (error) {
      over()
      throw error
    }
  }

  /** Keeps what was read, if it is to be kept, and hands it on, if it came in time. */
  #settle(
    id: string,
    how: FindOptions | undefined,
    load: Load,
    found: Found | undefined,
    isSecond: boolean,
  ): Awaitable<Found | undefined> {
    const { staleness, timing, onAnswer } = this.#settings
    if (found === undefined || found.session.endedAt !== null || found.watermark !== null) {
      // A read that began before this one may bring what it was.
      this.forget(id)
      onAnswer(fromStore)
      return found
    }
    if (ageOf(load.begun, timing) >= staleness) {
      // It says "active" of a moment that is too long ago, as if it had been kept.
      if (!isSecond) return this.#load(id, how, true)
      throw new SessionError('store_unavailable', `the session store did not answer within ${staleness} ms`)
    }
    const kept = this.entries.get(id)
    if (!load.spoiled && (kept === undefined || kept.loaded.elapsed <= load.begun.elapsed))
      this.entries.put(found, load.begun, load.stretch)
    onAnswer(fromStore)
    return found
  }
}
