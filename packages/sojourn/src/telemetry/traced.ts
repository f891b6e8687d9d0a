import { SessionError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'

/** As much of a `Span` of `@opentelemetry/api` as is used. */
export interface SpanLike {
  setAttribute(name: string, value: string): unknown
  setStatus(status: { code: number }): unknown
  end(): void
}

/** As much of a `Tracer` of `@opentelemetry/api` as is used. */
export interface TracerLike {
  startActiveSpan<T>(
    name: string,
    options: { readonly attributes: { readonly [name: string]: string } },
    run: (span: SpanLike) => T,
  ): T
}

/** `SpanStatusCode.ERROR`. */
const failed = 2

const engineVerbs = `start verify upgrade activate choose restore forgetDevice elevate renew credentialChanged
  impersonate touch guard end voidBefore list sweep simulate applyPolicy`.split(/\s+/)

const storeVerbs = `create find touch upgrade regenerate write end voidBefore list sweep restore lease
  changes`.split(/\s+/)

/**
 * The same sessions with a span for each verb: `sojourn.verify`, `sojourn.start`, … Its outcome is an attribute: `active`,
 * `ended`, the code of an error. What happens within stands below it. Without it nothing is spent on spans at all.
 *
 *     const auth = traced(createSessions({ store }), trace.getTracer('sojourn'))
 */
export function traced<Traced extends Engine>(sessions: Traced, tracer: TracerLike): Traced {
  return Object.assign(
    Object.create(sessions) as Traced,
    spanned(sessions, engineVerbs, 'sojourn', {}, tracer),
  )
}

/** The same store with a span for each call: `sojourn.store.find`, … It keeps the laws of the store that it is given. */
export function tracedStore(store: Store, tracer: TracerLike): Store {
  const { name, declines, staleness } = store
  return {
    name,
    ...(declines === undefined ? {} : { declines }),
    ...(staleness === undefined ? {} : { staleness }),
    ...(store.watch === undefined ? {} : { watch: (grew) => store.watch?.(grew) ?? (() => {}) }),
    ...(store.close === undefined ? {} : { close: () => store.close?.() }),
    ...(spanned(store, storeVerbs, 'sojourn.store', { 'sojourn.store': name }, tracer) as Pick<
      Store,
      Exclude<keyof Store, 'name' | 'declines' | 'staleness' | 'watch' | 'close'>
    >),
  }
}

type Verb = (...args: readonly unknown[]) => unknown

/** Those of an object's verbs that it has, each within a span. What answers at once goes on to do so. */
function spanned(
  owner: object,
  verbs: readonly string[],
  prefix: string,
  attributes: { readonly [name: string]: string },
  tracer: TracerLike,
): { readonly [verb: string]: Verb } {
  const members = owner as { readonly [verb: string]: Verb | undefined }
  const spanned: { [verb: string]: Verb } = {}
  for (const verb of verbs) {
    if (members[verb] === undefined) continue
    spanned[verb] = (...args) =>
      tracer.startActiveSpan(`${prefix}.${verb}`, { attributes }, (span) =>
        within(span, () => members[verb]?.apply(owner, args as unknown[])),
      )
  }
  return spanned
}

function within(span: SpanLike, call: () => unknown): unknown {
  try {
    const answer = call()
    if (!(answer instanceof Promise)) return ended(span, answer)
    return answer.then(
      (value: unknown) => ended(span, value),
      (error: unknown) => {
        throw endedBy(span, error)
      },
    )
  } catch (error) {
    throw endedBy(span, error)
  }
}

/** An outcome is a word of a closed list: no label says whose session it is, or which. */
function ended(span: SpanLike, value: unknown): unknown {
  const outcome = typeof value === 'object' && value !== null ? wordOf(value) : undefined
  if (outcome !== undefined) span.setAttribute('sojourn.outcome', outcome)
  span.end()
  return value
}

function wordOf(value: { readonly state?: unknown; readonly status?: unknown }): string | undefined {
  const word = value.state ?? value.status
  return typeof word === 'string' ? word : undefined
}

function endedBy(span: SpanLike, error: unknown): unknown {
  span.setAttribute('error.type', error instanceof SessionError ? error.code : 'internal')
  span.setStatus({ code: failed })
  span.end()
  return error
}
