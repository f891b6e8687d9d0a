import type { StoreCall } from '../core/store-call.ts'
import type { MeterLike } from './opentelemetry.ts'

/** What OpenTelemetry calls the systems behind the stores; a store that is not here is called by its own name. */
const systems: { readonly [store: string]: string } = { postgres: 'postgresql' }

/**
 * Listeners that measure stores, by the names of OpenTelemetry's conventions for databases. `onCall` is for `observed`:
 * `db.client.operation.duration` by store, verb, outcome and error. `onAnswer` is for `cached`: how many answers came from
 * memory and how many from the store, and how old those from memory may have been. No label names a session or a subject.
 *
 *     const metrics = storeMetrics({ meter: metrics.getMeter('sojourn') })
 *     const store = cached(observed(postgres(pool), metrics.onCall), { onAnswer: metrics.onAnswer })
 */
export function storeMetrics({ meter }: { readonly meter: MeterLike }) {
  const durations = meter.createHistogram('db.client.operation.duration', {
    description: 'Duration of database client operations.',
    unit: 's',
  })
  const answers = meter.createCounter('sojourn.cache.answers', {
    description: 'Answers of a cache of sessions, from memory and from the store',
    unit: '{answer}',
  })
  const freshness = meter.createHistogram('sojourn.cache.freshness', {
    description: 'How old answers from memory may have been at most',
    unit: 's',
  })
  return {
    onCall: ({ store, verb, millis, outcome, error }: StoreCall): void =>
      durations.record(millis / 1000, {
        'db.system.name': systems[store] ?? store,
        'db.operation.name': verb,
        'sojourn.outcome': outcome,
        ...(error === undefined ? {} : { 'error.type': error }),
      }),
    onAnswer: ({
      from,
      freshness: millis,
    }: {
      readonly from: 'memory' | 'store'
      readonly freshness: number
    }): void => {
      answers.add(1, { from })
      if (from === 'memory') freshness.record(millis / 1000, {})
    },
  }
}
