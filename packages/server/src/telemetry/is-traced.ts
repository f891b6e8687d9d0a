import { isSpanContextValid } from '@opentelemetry/api'
import { tracer } from './in-span.ts'

/**
 * Whether the process has registered an SDK of OpenTelemetry, asked once when a server is made: the span that says so has no
 * name of its own where nobody takes it. Without an SDK nothing on the path of a request is wrapped, so that traces cost
 * nothing there: there is no code of them to run.
 */
export function isTraced(): boolean {
  const span = tracer.startSpan('sojourn.server')
  span.end()
  return isSpanContextValid(span.spanContext())
}
