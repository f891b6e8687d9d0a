import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import type { CacheAnswer } from './cache-reads.ts'
import { CachedStore } from './cached-store.ts'
import { systemTiming } from './timing.ts'
import type { Timing } from './timing.ts'

export type { CacheAnswer }

export interface CachedOptions {
  /**
   * The bound: no answer of `find` says that a session is active later than this after another node's change was committed.
   * `'2s'` if left out; at least 20 ms.
   */
  readonly staleness?: Duration
  /**
   * How long a record is answered from memory before it is read again, though nothing was heard of it: the feed does not
   * tell of mere use. Keep it below the idle timeout. `'1m'` if left out.
   */
  readonly keepFor?: Duration
  /** The most records that are kept. 10,000 if left out. */
  readonly maxEntries?: number
  /** About the most bytes that they take. 64 MiB if left out. */
  readonly maxBytes?: number
  /** Hears of each answer of `find`, for a metric. It must be quick, and must not throw. */
  readonly onAnswer?: (answer: CacheAnswer) => void
  /** Hears that the feed could not be read. Meanwhile the store is asked. */
  readonly onError?: (error: unknown) => void
  readonly timing?: Timing
}

export interface Cached extends Store {
  /** The bound in milliseconds. */
  readonly staleness: Millis
  /** How old an answer from memory may be at most, if it were given now; the bound or more: none is given by the lease. */
  freshness(): Millis
  /** What is kept now. */
  readonly kept: { readonly entries: number; readonly bytes: number }
}

/**
 * A store around a store, with the same laws, that answers `find` from memory: no answer says that a session is active
 * later than `staleness` after its end was committed, wherever that was.
 *
 * A record is right as of the later of two moments: when the read began that it comes from, and when the call of the feed
 * began that last told of everything. It is answered until one of them is `staleness` ago, by the clock that says more;
 * then the store is asked. So a feed that is silent, slow, cut off or has a gap costs reads, and never a late answer, as does
 * a clock that jumps or a process that stood still. Without a feed a record is kept for `staleness`.
 *
 * What this node writes, it knows at once. `find` with `fresh` asks the store; so does every judgement of the engine but
 * that a token opens its session.
 */
export function cached(store: Store, options: CachedOptions = {}): Cached {
  if (typeof store?.find !== 'function')
    throw invalidOption('store', "a store, such as sqlite('app.db')", typeof store)
  if (store.staleness !== undefined)
    throw invalidOption('store', 'a store that keeps no answers itself', `a bound of ${store.staleness} ms`)
  const staleness = read('staleness', options.staleness ?? '2s', 20)
  const keepFor = read('keepFor', options.keepFor ?? '1m', 0)
  const maxEntries = whole('maxEntries', options.maxEntries ?? 10_000)
  const maxBytes = whole('maxBytes', options.maxBytes ?? 64 * 1024 * 1024)
  const { onAnswer = () => {}, onError = () => {}, timing = systemTiming } = options
  return new CachedStore(store, { staleness, keepFor, maxEntries, maxBytes, onAnswer, onError, timing })
}

function read(path: string, written: Duration, least: Millis): Millis {
  const millis = parseDuration(written)
  if (millis !== undefined && millis >= least) return millis
  throw invalidOption(path, `a duration such as '2s', at least ${formatDuration(least)}`, written)
}

function whole(path: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw invalidOption(path, 'a whole number, 0 for none', value)
}
