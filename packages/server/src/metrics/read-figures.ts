import type { Clock } from 'sojourn'
import type { Passwords } from '../accounts/passwords.ts'
import type { Database } from '../database/open-database.ts'
import { readJobs } from '../jobs/read-jobs.ts'
import type { LiveEvents } from '../live/live-events.ts'
import type { PostOffice } from '../mail/post-office.ts'
import type { Metrics } from './metrics.ts'

export interface FiguresParts {
  readonly database: Database
  readonly clock: Pick<Clock, 'now'>
  readonly passwords: Pick<Passwords, 'load'>
  readonly live: Pick<LiveEvents, 'open'>
  readonly mailer: Pick<PostOffice, 'waiting'> | undefined
}

/** More are counted as so many: a scrape reads no table as a whole. */
const mostCounted = 10_000

/** Measures what stands in the database, and what waits in this process, at each scrape. */
export function readFigures(metrics: Metrics, parts: FiguresParts): void {
  readWaiting(metrics, parts)
  readLastRuns(metrics, parts)
  readOutbox(metrics, parts)
}

function readWaiting(metrics: Metrics, { passwords, live, mailer }: FiguresParts): void {
  const hashing = metrics.gauge(
    'sojourn_password_hashing',
    'Passwords that are hashed now, and those that wait for it',
    ['state'],
  )
  const refused = metrics.counter(
    'sojourn_password_hashing_refused_total',
    'Passwords that were turned away, since too many waited',
  )
  const streams = metrics.gauge('sojourn_live_streams', 'Streams of live events that are open at this node')
  const letters = metrics.gauge('sojourn_letters_waiting', 'Letters that wait to be sent by this node')
  metrics.read(() => {
    const { running, waiting, turnedAway } = passwords.load
    hashing.set({ state: 'running' }, running)
    hashing.set({ state: 'waiting' }, waiting)
    refused.reset()
    refused.inc(turnedAway)
    streams.set(live.open)
    letters.set(mailer?.waiting ?? 0)
  })
}

function readLastRuns(metrics: Metrics, { database, clock }: FiguresParts): void {
  const ended = metrics.gauge(
    'sojourn_job_last_run_timestamp_seconds',
    'When the last run of a job ended, at whichever node',
    ['job'],
  )
  const took = metrics.gauge('sojourn_job_last_run_duration_seconds', 'How long the last run of a job took', [
    'job',
  ])
  const failed = metrics.gauge('sojourn_job_last_run_failed', '1 where the last run of a job failed', ['job'])
  metrics.read(async () => {
    for (const gauge of [ended, took, failed]) gauge.reset()
    for (const [job, last] of await readJobs(database, clock.now())) {
      if (last.endedAt === null) continue
      ended.set({ job }, last.endedAt / 1_000)
      took.set({ job }, (last.took ?? 0) / 1_000)
      failed.set({ job }, last.error === null ? 0 : 1)
    }
  })
}

function readOutbox(metrics: Metrics, { database, clock }: FiguresParts): void {
  const deliveries = metrics.gauge(
    'sojourn_outbox_deliveries',
    `Events that are to be delivered (due), and those that are given up (dead); ${mostCounted} stands for more`,
    ['state'],
  )
  const oldest = metrics.gauge(
    'sojourn_outbox_oldest_due_seconds',
    'How long the oldest of those due has waited',
  )
  const endpoints = metrics.gauge('sojourn_webhook_endpoints', 'Endpoints of webhooks', ['state'])
  metrics.read(async () => {
    for (const gauge of [deliveries, oldest, endpoints]) gauge.reset()
    for (const state of ['due', 'dead'] as const)
      deliveries.set({ state }, await countDeliveries(database, state))
    oldest.set(await oldestDue(database, clock.now()))
    const rows = await database.selectFrom('webhooks').select('disabled_at').execute()
    const disabled = rows.filter(({ disabled_at: at }) => at !== null).length
    endpoints.set({ state: 'enabled' }, rows.length - disabled)
    endpoints.set({ state: 'disabled' }, disabled)
  })
}

async function countDeliveries(database: Database, state: 'due' | 'dead'): Promise<number> {
  const { count } = await database
    .selectFrom((from) =>
      from.selectFrom('deliveries').select('event').where('state', '=', state).limit(mostCounted).as('some'),
    )
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function oldestDue(database: Database, now: number): Promise<number> {
  const { since } = await database
    .selectFrom((from) =>
      from
        .selectFrom('deliveries')
        .select('since')
        .where('state', '=', 'due')
        .orderBy('next_at')
        .limit(mostCounted)
        .as('some'),
    )
    .select(({ fn }) => fn.min('since').as('since'))
    .executeTakeFirstOrThrow()
  return since === null ? 0 : Math.max(0, now - Number(since)) / 1_000
}
