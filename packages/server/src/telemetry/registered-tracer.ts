import { isSpanContextValid, trace, type Tracer } from '@opentelemetry/api'

/** The name under which everything of this server is traced. */
export const tracerName = 'sojourn'

/**
 * Where the process has registered an SDK of OpenTelemetry, its tracer, asked for once when a server is made: the span that is
 * begun for it has no id where nobody takes it. Else `undefined`, and nothing on the path of a request is wrapped, so that
 * traces cost nothing there: there is no code of them to run.
 */
export function registeredTracer(): Tracer | undefined {
  const tracer = trace.getTracer(tracerName)
  const span = tracer.startSpan('sojourn.server')
  span.end()
  return isSpanContextValid(span.spanContext()) ? tracer : undefined
}
