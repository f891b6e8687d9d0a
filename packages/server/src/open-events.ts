import type { Clock, Millis, Sessions, Store } from 'sojourn'
import { hostname } from 'node:os'
import { randomBytes } from 'node:crypto'
import type { Accounts } from './accounts/accounts.ts'
import { EventKeys } from './caep/event-keys.ts'
import { securityEvent } from './caep/security-event.ts'
import type { Config } from './config.ts'
import type { Database } from './database/open-database.ts'
import { cleanUpJob } from './jobs/clean-up-job.ts'
import { Jobs } from './jobs/jobs.ts'
import type { Outcome } from './jobs/run-under-lease.ts'
import { sweepJob } from './jobs/sweep-job.ts'
import { LiveEvents } from './live/live-events.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import { deliveryJob, outboxJobs } from './outbox/outbox-jobs.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { DeliverParts } from './webhooks/deliver.ts'
import { listOf } from './webhooks/private-addresses.ts'
import { standardMessage } from './webhooks/standard-message.ts'
import { Webhooks } from './webhooks/webhooks.ts'

export interface EventsParts {
  readonly config: Config
  readonly database: Database
  readonly store: Store
  readonly sessions: Sessions<object>
  readonly accounts: Accounts
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Logger
  readonly leaseLasts: Millis
  readonly metrics: Metrics | undefined
  /** What each room removes of its own that is old. */
  readonly sweeps: () => readonly Promise<unknown>[]
}

/** What makes use of the outbox, and what works without being asked. */
export interface Events {
  readonly webhooks: Webhooks
  readonly eventKeys: EventKeys
  readonly jobs: Jobs
  readonly live: LiveEvents
}

export function openEvents(parts: EventsParts): Events {
  const { config, database, store, sessions, accounts, outbox, clock, log, metrics } = parts
  const webhooks = new Webhooks(database, config.secret, clock)
  const eventKeys = new EventKeys(database, config.secret, clock)
  const delivering: DeliverParts = {
    database,
    clock,
    log,
    webhooks,
    chance: Math.random,
    allowed: listOf(config.webhookNetworks),
    claimLasts: parts.leaseLasts,
    tried: (format, outcome, took) => metrics?.webhookTried(format, outcome, took),
    write: {
      standard: async (claimed, endpoint) =>
        standardMessage(claimed, webhooks.credentialsOf(endpoint).secrets, clock.now()),
      async caep(claimed, endpoint) {
        const [authorization] = webhooks.credentialsOf(endpoint).secrets
        const audience = endpoint.audience ?? new URL(endpoint.url).origin
        const facts = { issuer: config.url, audience, now: clock.now(), authorization }
        return securityEvent(claimed, facts, await eventKeys.current())
      },
    },
  }
  const intake = { database, store, sessions, tell: outbox.tell.bind(outbox) }
  const node = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`
  const ran = (job: string, outcome: Outcome): void => metrics?.jobRan(job, outcome)
  const jobs = new Jobs({ database, clock, log, node, lasts: parts.leaseLasts, ran }, [
    sweepJob(sessions),
    cleanUpJob(parts.sweeps),
    ...outboxJobs(outbox, intake, delivering, clock),
  ])
  outbox.onGrowth(() => jobs.wake(deliveryJob))
  const live = new LiveEvents({ outbox, database, clock, sessions, accounts })
  return { webhooks, eventKeys, jobs, live }
}
