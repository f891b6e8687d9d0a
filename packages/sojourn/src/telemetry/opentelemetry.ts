import type { Listener, SessionEvent } from '../engine/events.ts'

export { type SpanLike, traced, tracedStore, type TracerLike } from './traced.ts'

type Attributes = { [key: string]: string }
interface Described {
  readonly description: string
  readonly unit: string
}

/** As much of a `Meter` of `@opentelemetry/api` as is used. */
export interface MeterLike {
  createCounter(name: string, how: Described): { add(value: number, attributes: Attributes): void }
  createHistogram(name: string, how: Described): { record(value: number, attributes: Attributes): void }
}

/** As much of the `trace` of `@opentelemetry/api` as is used. */
export interface TraceLike {
  getActiveSpan(): { addEvent(name: string, attributes: Attributes): unknown } | undefined
}

export interface OpenTelemetryParts {
  /** `metrics.getMeter('sojourn')`. */
  readonly meter: MeterLike
  /** `trace`: with it an event also stands in the span of the request that it happened in. */
  readonly trace?: TraceLike
}

/**
 * A listener that counts what happens, for `onEvent`: `sojourn.events` by event and reason, and how long sessions lived,
 * `sojourn.session.duration`, by the reason of their end. Neither has a label for a subject or a session: labels are few.
 *
 *     createSessions({ store, onEvent: [openTelemetry({ meter: metrics.getMeter('sojourn'), trace })] })
 */
export function openTelemetry({ meter, trace }: OpenTelemetryParts): Listener {
  const events = meter.createCounter('sojourn.events', {
    description: 'What has happened to sessions and logins',
    unit: '{event}',
  })
  const durations = meter.createHistogram('sojourn.session.duration', {
    description: 'How long sessions lived, from their start to their end',
    unit: 's',
  })
  return (event) => {
    const reason = reasonOf(event)
    events.add(1, { event: event.type, ...reason })
    if (event.type === 'session.ended') durations.record(secondsOf(event), { ...reason })
    trace?.getActiveSpan()?.addEvent(`sojourn.${event.type}`, { ...reason })
  }
}

function reasonOf(event: SessionEvent): { readonly reason?: string } {
  return 'reason' in event ? { reason: event.reason } : {}
}

/** Until the moment since which it was over, which may lie before that at which somebody noticed. */
function secondsOf({ session, at }: SessionEvent & { readonly type: 'session.ended' }): number {
  return ((session.endedAt ?? at) - session.createdAt) / 1000
}
