import type { TestContext } from 'node:test'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'

/** Registers an SDK in this process that keeps its spans, until the test ends. For files with a process of their own. */
export function keepSpans(t: TestContext): () => readonly ReadableSpan[] {
  const exporter = new InMemorySpanExporter()
  const contexts = new AsyncLocalStorageContextManager().enable()
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  )
  context.setGlobalContextManager(contexts)
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  t.after(() => {
    trace.disable()
    context.disable()
    propagation.disable()
    contexts.disable()
  })
  return () => exporter.getFinishedSpans()
}
