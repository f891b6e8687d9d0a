import type { Config } from '../config.ts'
import type { Listener } from '../listener.ts'
import type { Logger } from '../logger.ts'
import { MetricsListener } from './metrics-listener.ts'
import { Metrics } from './metrics.ts'
import { type FiguresParts, readFigures } from './read-figures.ts'

/** What a server measures by; `undefined` where nobody reads it: then nothing is measured. */
export function openMetrics({ metrics }: Pick<Config, 'metrics'>, log: Logger): Metrics | undefined {
  if (metrics === 'off') return undefined
  return new Metrics((error) => log.warn({ err: error }, 'a metric could not be read'))
}

export interface MeasuredParts extends FiguresParts {
  readonly listener: Pick<Listener, 'load'>
}

/** Has the parts of a server read at each scrape, and opens the address where that is, if it has one of its own. */
export function measure(
  { metrics: place }: Pick<Config, 'metrics'>,
  metrics: Metrics | undefined,
  { listener, ...parts }: MeasuredParts,
): MetricsListener | undefined {
  if (metrics === undefined) return undefined
  const requests = metrics.gauge('sojourn_http_requests_under_way', 'Requests that are being answered')
  const connections = metrics.gauge('sojourn_http_connections', 'Connections that are open')
  metrics.read(() => {
    requests.set(listener.load.requests)
    connections.set(listener.load.connections)
  })
  readFigures(metrics, parts)
  return typeof place === 'string' ? undefined : new MetricsListener(place, metrics)
}
