import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { isForProxy } from '../security-headers.ts'
import { inTrail, lineOf, requestId, type Trail } from './request-trail.ts'

export interface Following {
  readonly config: Pick<Config, 'mode' | 'trustProxy'>
  readonly log: Logger
  readonly metrics: Metrics | undefined
  readonly tracer: Tracer | undefined
}

/** What is asked again and again by machines that keep a log of their own: a line each would bury all others. */
const quiet: ReadonlySet<string> = new Set(['/api/v1/verify', '/healthz', '/readyz', '/metrics'])

/** Answers a request by `run`, and tells of it once it is over: a line of the log, a metric, a span. */
export function followRequest(
  following: Following,
  request: IncomingMessage,
  response: ServerResponse,
  run: () => void,
): void {
  const { config, metrics, tracer } = following
  const begun = performance.now()
  // What comes along is of whoever sent it: the context is continued, and nothing of it is believed.
  const parent = tracer && propagation.extract(context.active(), request.headers)
  const span = tracer?.startSpan(request.method ?? 'GET', { kind: SpanKind.SERVER }, parent)
  const trail: Trail = { id: requestId(request, config.trustProxy), span, route: undefined }
  // People quote it from an answer that they do not understand; proxies hand none of theirs on.
  if (!isForProxy(request.url)) response.setHeader('X-Request-Id', trail.id)
  response.once('close', () => {
    const millis = performance.now() - begun
    const isWhole = response.writableEnded
    if (config.mode === 'serve') logAccess(following.log, trail, request, response, millis)
    metrics?.request({
      method: request.method ?? '',
      route: trail.route ?? 'none',
      status: isWhole ? classOf(response.statusCode) : 'aborted',
      millis,
    })
    if (span !== undefined) endSpan(span, trail, request, isWhole ? response.statusCode : undefined)
  })
  if (span === undefined || parent === undefined) inTrail(trail, run)
  else context.with(trace.setSpan(parent, span), () => inTrail(trail, run))
}

/** 429 stands for itself: it is what says that somebody is slowed down. */
function classOf(status: number): string {
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`
}

/** The pattern of the route, never the path: that may hold an id, and its query what somebody was sent. */
function endSpan(
  span: Span,
  { id, route }: Trail,
  { method = 'GET' }: IncomingMessage,
  status?: number,
): void {
  if (route !== undefined) {
    span.updateName(`${method} ${route}`)
    span.setAttribute('http.route', route)
  }
  span.setAttributes({ 'http.request.method': method, 'sojourn.request': id })
  if (status === undefined) span.setAttribute('error.type', 'aborted')
  else span.setAttribute('http.response.status_code', status)
  if (status === undefined || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** One line a request, without its query, which may say where somebody was going. */
function logAccess(
  log: Logger,
  trail: Trail,
  { method, url = '', socket }: IncomingMessage,
  response: ServerResponse,
  millis: number,
): void {
  const question = url.indexOf('?')
  const path = question === -1 ? url : url.slice(0, question)
  const status = response.writableEnded ? response.statusCode : 'aborted'
  const level = status === 200 && quiet.has(path) ? 'debug' : 'info'
  log[level](
    { ...lineOf(trail), method, path, status, ms: Math.round(millis), peer: socket.remoteAddress },
    'request',
  )
}
