import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Span } from '@opentelemetry/api'
import type { LogFields } from '../logger.ts'

/** What is known of the request that is being answered, wherever it is being answered. */
export interface Trail {
  /** Names the request in every line of the log. It opens nothing. */
  readonly id: string
  readonly span: Span | undefined
  /** The pattern of its route, once that is known. */
  route: string | undefined
}

const trails = new AsyncLocalStorage<Trail>()

export function inTrail<T>(trail: Trail, run: () => T): T {
  return trails.run(trail, run)
}

/** Says which route the request has come to. */
export function noteRoute(path: string): void {
  const trail = trails.getStore()
  if (trail !== undefined) trail.route = path
}

/** What the lines of the log say of the request that they are about. */
export function aroundLine(): LogFields {
  const trail = trails.getStore()
  return trail === undefined ? {} : lineOf(trail)
}

export function lineOf({ id, span }: Trail): LogFields {
  return { request: id, ...(span === undefined ? {} : { trace: span.spanContext().traceId }) }
}

const process = randomBytes(4).toString('hex')
let count = 0

/** What proxies make: hexadecimal, UUIDs and the like. Nothing that a token or a key could be. */
const shape = /^[\w-]{8,64}$/

/** The id that a trusted proxy has given a request, or one of ours. */
export function requestId({ headers }: IncomingMessage, trustProxy: number): string {
  const given = trustProxy > 0 ? headers['x-request-id'] : undefined
  if (typeof given === 'string' && shape.test(given)) return given
  count += 1
  return `${process}-${count.toString(36)}`
}
