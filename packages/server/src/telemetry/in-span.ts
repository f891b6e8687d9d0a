import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { tracerName } from './registered-tracer.ts'

/**
 * Does something slow within a span of its own; attributes are words of closed lists and public ids. Without an SDK it costs
 * some hundred nanoseconds: for what takes milliseconds, such as a hash or a request to somebody else.
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span) => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  return trace.getTracer(tracerName).startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await run(span)
    } catch (error) {
      // The class alone: the message of an error may quote what somebody typed.
      span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}
