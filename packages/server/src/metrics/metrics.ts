import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { Listener, Millis } from 'sojourn'
import { openTelemetry } from 'sojourn/telemetry/opentelemetry'
import { storeMetrics } from 'sojourn/telemetry/store-metrics'
import type { SignInMethod, SignInOutcome } from '../sign-in-outcome.ts'
import { meterOf } from './meter.ts'
import { processMetrics } from './process-metrics.ts'

export interface RequestMeasured {
  readonly method: string
  /** The pattern of its route, never its path; `none`: there is no such route. */
  readonly route: string
  readonly status: string
  readonly millis: Millis
}

/** Writes what is so at the moment of being asked. */
export type Reading = () => void | Promise<void>

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])
const seconds = (millis: Millis): number => millis / 1_000

/**
 * What one server measures, in a registry of its own. The law of every label: its values come from a closed list of ours (a
 * route's pattern, a reason, a verb), so that there are few, and none names a person, a session, an address or a key.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #readings: Reading[] = []
  readonly #failed: (error: unknown) => void
  readonly #registers = { registers: [this.#registry] }
  readonly #store = storeMetrics({ meter: meterOf(this.#registry, measured) })
  readonly #requests = new Histogram({
    name: 'sojourn_http_request_duration_seconds',
    help: 'How long requests took, by the pattern of their route and the class of their status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 1, 5],
    ...this.#registers,
  })
  readonly #limited = this.counter('sojourn_rate_limited_total', 'Requests that were answered by 429', [
    'route',
  ])
  readonly #cutOff = this.counter(
    'sojourn_http_cut_off_total',
    'Connections that were closed on clients that were slow, or too many',
    ['why'],
  )
  readonly #signIns = this.counter('sojourn_sign_ins_total', 'Sign-ins by method and what came of them', [
    'method',
    'outcome',
  ])
  readonly #storeState = this.gauge(
    'sojourn_store_state',
    '1 for the state that the way to the session store is in: closed (it answers), open (it is left alone), half-open',
    ['state'],
  )
  readonly #jobRuns = this.counter('sojourn_job_runs_total', 'Runs of jobs at this node', ['job', 'outcome'])
  readonly #webhooks = new Histogram({
    name: 'sojourn_webhook_attempt_duration_seconds',
    help: 'How long attempts to deliver an event took, by what came of them',
    labelNames: ['format', 'outcome'],
    buckets: [0.01, 0.05, 0.25, 1, 2.5, 5, 10],
    ...this.#registers,
  })
  readonly #unread = this.counter(
    'sojourn_metrics_unread_total',
    'Figures that could not be read for a scrape',
  )

  /** Listeners of the library, which name what they measure. */
  readonly onEvent: Listener = openTelemetry({ meter: meterOf(this.#registry, measured) })
  readonly onCall = this.#store.onCall
  readonly onAnswer = this.#store.onAnswer

  /** `failed` hears why a figure could not be read. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  readonly contentType = this.#registry.contentType

  /** Everything, in Prometheus's text format. What cannot be read is left out, and counted: the rest is needed all the more. */
  async text(): Promise<string> {
    for (const read of this.#readings)
      try {
        await read()
      } catch (error) {
        this.#unread.inc()
        this.#failed(error)
      }
    return (await this.#registry.metrics()) + (await processMetrics().metrics())
  }

  /** Reads something for every scrape. */
  read(reading: Reading): void {
    this.#readings.push(reading)
  }

  request({ method, route, status, millis }: RequestMeasured): void {
    this.#requests.observe({ method: methods.has(method) ? method : 'other', route, status }, seconds(millis))
    if (status === '429') this.#limited.inc({ route })
  }

  cutOff(why: string): void {
    this.#cutOff.inc({ why })
  }

  signIn(method: SignInMethod, outcome: SignInOutcome): void {
    this.#signIns.inc({ method, outcome })
  }

  storeState(now: 'closed' | 'open' | 'half-open'): void {
    for (const state of ['closed', 'open', 'half-open'])
      this.#storeState.set({ state }, state === now ? 1 : 0)
  }

  jobRan(job: string, outcome: string): void {
    this.#jobRuns.inc({ job, outcome })
  }

  webhookTried(format: string, outcome: 'arrived' | 'refused' | 'unreached', millis: Millis): void {
    this.#webhooks.observe({ format, outcome }, seconds(millis))
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ name, help, labelNames: [...labelNames], ...this.#registers })
  }

  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], ...this.#registers })
  }
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** What the library measures. */
const measured = {
  'sojourn.events': { attributes: ['event', 'reason'] },
  'sojourn.session.duration': {
    attributes: ['reason'],
    buckets: [minute, 10 * minute, hour, 4 * hour, 12 * hour, day, 7 * day, 30 * day],
  },
  'db.client.operation.duration': {
    attributes: ['db.system.name', 'db.operation.name', 'sojourn.outcome', 'error.type'],
    buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 2],
  },
  'sojourn.cache.answers': { attributes: ['from'] },
  'sojourn.cache.freshness': { attributes: [], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60] },
} as const
