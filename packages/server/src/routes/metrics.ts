import { refuse } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'
import type { Route } from './route.ts'

/** For Prometheus, where `SOJOURN_METRICS` says `key`: it shows an API key as its bearer token. */
export const metricsRoutes: readonly Route[] = [
  { method: 'GET', path: '/metrics', access: 'api-key', scope: 'metrics', handle: showMetrics },
]

async function showMetrics(asked: Asked, { config, metrics }: Parts): Promise<Response> {
  if (metrics === undefined || config.metrics !== 'key')
    return refuse(asked, 404, 'not_found', 'Metrics are not read here: SOJOURN_METRICS says where.')
  return asked.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
}
