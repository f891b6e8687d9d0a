import type { Clock, Instant } from 'sojourn'
import type { Database } from '../database/open-database.ts'

export interface Delivery {
  readonly event: string
  readonly endpoint: string
  readonly type: string
  /** When what it tells of happened. */
  readonly at: Instant
  readonly state: 'due' | 'delivered' | 'dead'
  readonly attempts: number
  readonly nextAt: Instant | null
  readonly lastAt: Instant | null
  readonly lastStatus: number | null
  readonly lastError: string | null
}

export interface DeliveriesQuery {
  readonly endpoint?: string | undefined
  readonly state?: Delivery['state'] | undefined
  readonly limit: number
}

/** The last deliveries, newest first. */
export async function deliveriesOf(
  database: Database,
  { endpoint, state, limit }: DeliveriesQuery,
): Promise<readonly Delivery[]> {
  const rows = await database
    .selectFrom('deliveries')
    .innerJoin('outbox_events', 'outbox_events.id', 'deliveries.event')
    .selectAll('deliveries')
    .select(['outbox_events.type', 'outbox_events.at'])
    .$if(endpoint !== undefined, (query) => query.where('deliveries.endpoint', '=', endpoint ?? ''))
    .$if(state !== undefined, (query) => query.where('deliveries.state', '=', state ?? 'due'))
    .orderBy('deliveries.position', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    event: row.event,
    endpoint: row.endpoint,
    type: row.type,
    at: row.at,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.state === 'due' ? row.next_at : null,
    lastAt: row.last_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
  }))
}

/** How many dead letters there are, of all endpoints or one; counted up to a bound. */
export async function countDead(database: Database, endpoint?: string): Promise<number> {
  const rows = await database
    .selectFrom('deliveries')
    .select('event')
    .where('state', '=', 'dead')
    .$if(endpoint !== undefined, (query) => query.where('endpoint', '=', endpoint ?? ''))
    .limit(10_000)
    .execute()
  return rows.length
}

/**
 * Has dead letters of an endpoint sent again, under the same ids: one, or all. Returns how many. Where the endpoint is
 * disabled there is nobody to send them to, and none is.
 */
export async function replay(
  { database, clock }: { readonly database: Database; readonly clock: Pick<Clock, 'now'> },
  endpoint: string,
  event?: string,
): Promise<number> {
  const now = clock.now()
  const { numUpdatedRows } = await database
    .updateTable('deliveries')
    .set({ state: 'due', attempts: 0, since: now, next_at: now, holder: null, held_until: 0 })
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'dead')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhooks')
          .select('webhooks.id')
          .where('webhooks.id', '=', endpoint)
          .where('webhooks.disabled_at', 'is', null),
      ),
    )
    .$if(event !== undefined, (query) => query.where('event', '=', event ?? ''))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
