import type { Tracer } from '@opentelemetry/api'
import type { Store } from 'sojourn'
import { observed } from 'sojourn/stores/observed'
import { tracedStore } from 'sojourn/telemetry/opentelemetry'
import type { Metrics } from '../metrics/metrics.ts'

/** Who watches a store. Where nobody does it is left as it is, and costs nothing more. */
export interface StoreWatch {
  readonly metrics: Metrics | undefined
  readonly tracer: Tracer | undefined
}

export function observeStore(store: Store, { metrics, tracer }: StoreWatch): Store {
  const measured = metrics === undefined ? store : observed(store, metrics.onCall)
  return tracer === undefined ? measured : tracedStore(measured, tracer)
}
