import type { Store } from 'sojourn'
import { observed } from 'sojourn/stores/observed'
import { tracedStore } from 'sojourn/telemetry/opentelemetry'
import type { Metrics } from '../metrics/metrics.ts'
import { tracer } from '../telemetry/in-span.ts'

/** Who watches a store. Where nobody does it is left as it is, and costs nothing more. */
export interface StoreWatch {
  readonly metrics: Metrics | undefined
  readonly isTraced: boolean
}

export function observeStore(store: Store, { metrics, isTraced }: StoreWatch): Store {
  const measured = metrics === undefined ? store : observed(store, metrics.onCall)
  return isTraced ? tracedStore(measured, tracer) : measured
}
