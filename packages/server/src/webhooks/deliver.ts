import type { BlockList } from 'node:net'
import { SpanKind } from '@opentelemetry/api'
import type { Selectable } from 'kysely'
import type { Clock, Millis } from 'sojourn'
import { day } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import type { Turn } from '../jobs/job.ts'
import type { Logger } from '../logger.ts'
import { inSpan } from '../telemetry/in-span.ts'
import { backoff, isDead, restOf } from './backoff.ts'
import { claim, type Claimed, giveUp } from './claim.ts'
import { type Posted, post } from './post.ts'
import type { WebhooksTable } from './webhooks-table.ts'
import type { Webhooks } from './webhooks.ts'

export interface Sending {
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** `refused`: it answered otherwise than by 2xx. `unreached`: nothing did, or there was nothing to send. */
export type Tried = 'arrived' | 'refused' | 'unreached'

export interface DeliverParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly webhooks: Webhooks
  /** A number from 0 to 1 by chance. */
  readonly chance: () => number
  readonly allowed: BlockList
  /** Hears of each attempt. */
  readonly tried?: (format: WebhooksTable['format'], outcome: Tried, took: Millis) => void
  /** Longer than a receiver may take: whoever is at it is done by then, or cut off. */
  readonly claimLasts: Millis
  /** What an endpoint of a format is sent. */
  readonly write: {
    readonly [format in WebhooksTable['format']]: (
      claimed: Claimed,
      endpoint: Selectable<WebhooksTable>,
    ) => Promise<Sending>
  }
}

/** How long a receiver may take. */
export const patience: Millis = 10_000
/** How many are under way at once, and of them to one endpoint: a slow one holds no other up. */
const lanes = 32
const lanesEach = 4
/** How soon what came to be due meanwhile is seen, while others are under way. */
const look: Millis = 1_000
/** An endpoint at which nothing has arrived for so long is disabled. */
const failingFor: Millis = 5 * day

/** Sends what is due, until nothing is or `turn` says stop; returns how many attempts it made. */
export async function deliver(parts: DeliverParts, turn: Turn): Promise<number> {
  const underWay = new Set<Promise<void>>()
  const busy = new Map<string, number>()
  const count = (endpoint: string, by: number) => busy.set(endpoint, (busy.get(endpoint) ?? 0) + by)
  let attempts = 0
  for (;;) {
    while (!turn.signal.aborted && underWay.size < lanes) {
      const full = [...busy].flatMap(([endpoint, number]) => (number >= lanesEach ? endpoint : []))
      const claimed = await claim(parts, turn.holder, full)
      if (claimed === undefined) break
      attempts++
      count(claimed.endpoint, 1)
      const done = attempt(parts, turn, claimed).finally(() => {
        underWay.delete(done)
        count(claimed.endpoint, -1)
      })
      underWay.add(done)
    }
    if (underWay.size === 0) return attempts
    await firstOf(underWay, parts.clock)
  }
}

/** Until one of them is over, or it is time to look again. */
async function firstOf(underWay: ReadonlySet<Promise<void>>, clock: Clock): Promise<void> {
  const tick = Promise.withResolvers<void>()
  const callOff = clock.after(look, tick.resolve)
  await Promise.race([...underWay, tick.promise]).finally(callOff)
}

async function attempt(parts: DeliverParts, turn: Turn, claimed: Claimed): Promise<void> {
  const { database, log } = parts
  const endpoint = await database
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', claimed.endpoint)
    .executeTakeFirst()
  if (endpoint === undefined) return
  const begun = performance.now()
  const posted = await inSpan(
    'sojourn.webhook',
    { 'sojourn.webhook.id': endpoint.id, 'sojourn.webhook.format': endpoint.format },
    (span) =>
      send(parts, claimed, endpoint, turn.signal).then((answer) => {
        if (answer.status !== null) span.setAttribute('http.response.status_code', answer.status)
        if (answer.error !== null) span.setAttribute('error.type', answer.error)
        return answer
      }),
    SpanKind.CLIENT,
  )
  if (posted.status === null && turn.signal.aborted) return giveUp(parts, turn.holder, claimed)
  const arrived = posted.status !== null && posted.status >= 200 && posted.status < 300
  const outcome = arrived ? 'arrived' : posted.status === null ? 'unreached' : 'refused'
  parts.tried?.(endpoint.format, outcome, performance.now() - begun)
  const told = { endpoint: endpoint.id, event: claimed.event, status: posted.status, error: posted.error }
  log.debug({ ...told, attempt: claimed.attempts + 1 }, 'an event was sent')
  if (arrived) return hasArrived(parts, turn.holder, claimed, posted)
  await hasFailed(parts, turn.holder, claimed, posted)
  if (posted.status === 410 && (await parts.webhooks.disable(endpoint.id, 'gone')))
    log.warn(told, 'an endpoint says that it is gone, and is disabled')
  else await rest(parts, endpoint, posted)
}

async function send(
  parts: DeliverParts,
  claimed: Claimed,
  endpoint: Selectable<WebhooksTable>,
  stop: AbortSignal,
): Promise<Posted> {
  try {
    const { headers, body } = await parts.write[endpoint.format](claimed, endpoint)
    const url = new URL(endpoint.url)
    return await post({ url, headers, body }, { allowed: parts.allowed, timeout: patience, stop })
  } catch (error) {
    parts.log.error(
      { err: error, endpoint: endpoint.id },
      'an event could not be written down for an endpoint',
    )
    return { status: null, error: 'not_written', retryAfter: null }
  }
}

async function hasArrived(
  { database, clock }: DeliverParts,
  holder: string,
  { event, endpoint, attempts }: Claimed,
  { status }: Posted,
): Promise<void> {
  await database
    .updateTable('deliveries')
    .set({
      state: 'delivered',
      attempts: attempts + 1,
      holder: null,
      last_at: clock.now(),
      last_status: status,
      last_error: null,
    })
    .where('event', '=', event)
    .where('endpoint', '=', endpoint)
    .where('holder', '=', holder)
    .execute()
  await database
    .updateTable('webhooks')
    .set({ failing_since: null, failures: 0, retry_at: 0 })
    .where('id', '=', endpoint)
    .where('failures', '>', 0)
    .execute()
}

async function hasFailed(
  { database, clock, chance }: DeliverParts,
  holder: string,
  { event, endpoint, attempts, since }: Claimed,
  { status, error }: Posted,
): Promise<void> {
  const now = clock.now()
  const made = attempts + 1
  await database
    .updateTable('deliveries')
    .set({
      state: isDead(made, since, now) ? 'dead' : 'due',
      attempts: made,
      next_at: now + backoff(made, chance()),
      holder: null,
      held_until: 0,
      last_at: now,
      last_status: status,
      last_error: error ?? `status_${status}`,
    })
    .where('event', '=', event)
    .where('endpoint', '=', endpoint)
    .where('holder', '=', holder)
    // A dead letter stays one: its endpoint was disabled meanwhile.
    .where('state', '=', 'due')
    .execute()
}

/** All of an endpoint at which something failed rests; one at which nothing has arrived for long is disabled. */
async function rest(
  { database, clock, chance, webhooks, log }: DeliverParts,
  endpoint: Selectable<WebhooksTable>,
  { retryAfter }: Posted,
): Promise<void> {
  const { id, failures, failing_since: since } = endpoint
  const now = clock.now()
  await database
    .updateTable('webhooks')
    .set((row) => ({
      failures: row('failures', '+', 1),
      failing_since: since ?? now,
      retry_at: now + Math.max(restOf(failures + 1, chance()), retryAfter ?? 0),
    }))
    .where('id', '=', id)
    .execute()
  if (since !== null && now - since >= failingFor && (await webhooks.disable(id, 'failing')))
    log.warn({ endpoint: id }, 'nothing has arrived at an endpoint for days, and it is disabled')
}
