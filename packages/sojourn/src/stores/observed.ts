import { invalidOption, SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Awaitable, Store } from '../core/store.ts'
import type { StoreCall, StoreVerb } from '../core/store-call.ts'
import { afterwards } from './afterwards.ts'
import { storeAround } from './store-around.ts'
import { systemTiming } from './timing.ts'

export type { StoreCall }

export interface ObservedOptions {
  /** Milliseconds by a steady clock; a test hands in its own. */
  readonly elapsed?: () => Millis
}

/**
 * A store around a store, with the same laws, that tells of every call how long it took and what came of it: its latency,
 * its errors, how often `find` finds. `storeMetrics` of `sojourn/telemetry/store-metrics` is such a listener. What the
 * listener throws is dropped: no login fails because a metric does.
 *
 *     observed(store, storeMetrics({ meter }).onCall)
 */
export function observed(
  store: Store,
  onCall: (call: StoreCall) => void,
  { elapsed = systemTiming.elapsed }: ObservedOptions = {},
): Store {
  if (typeof store?.find !== 'function')
    throw invalidOption('store', "a store, such as sqlite('app.db')", typeof store)
  if (typeof onCall !== 'function') throw invalidOption('onCall', 'a function', onCall)
  const { name } = store
  const tell = (verb: StoreVerb, begun: Millis, what: Pick<StoreCall, 'outcome' | 'error'>): void => {
    try {
      onCall({ store: name, verb, millis: elapsed() - begun, ...what })
    } catch {
      // See above.
    }
  }
  return storeAround(store, <T>(verb: StoreVerb, call: () => Awaitable<T>): Awaitable<T> => {
    const begun = elapsed()
    return afterwards(call, {
      answered: (value) => tell(verb, begun, { outcome: outcomeOf(verb, value) }),
      failed: (error) => tell(verb, begun, { outcome: 'failed', error: nameOf(error) }),
    })
  })
}

/** A word for an answer. Each comes from the closed lists of the contract, so that there are few. */
function outcomeOf(verb: StoreVerb, value: unknown): string {
  if (value === undefined) return verb === 'find' ? 'absent' : 'done'
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'taken' : 'held'
  if (Array.isArray(value)) return value.length > 0 ? 'ended' : 'none'
  if (typeof value !== 'object' || value === null) return 'done'
  if ('status' in value) return String(value.status)
  if ('gap' in value) return value.gap === true ? 'gap' : 'told'
  return 'secretHash' in value ? 'found' : 'done'
}

function nameOf(error: unknown): string {
  if (error instanceof SessionError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
