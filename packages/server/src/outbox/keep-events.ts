import type { Transaction } from 'kysely'
import type { Instant } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/tables.ts'
import type { OutboxEvent } from './outbox-event.ts'

const counter = 'position'

/**
 * Keeps events, and for each endpoint that hears of them a delivery, in one step with whatever else the transaction does. An
 * event that is kept already stays as it is. Positions are counted under a lock that is held until the commit: none becomes
 * visible before a lower one. Returns how many were new. `only`: the one endpoint that is to hear, whatever it asked for.
 */
export async function keepEvents(
  transaction: Transaction<Tables>,
  events: readonly OutboxEvent[],
  now: Instant,
  only?: string,
): Promise<number> {
  if (events.length === 0) return 0
  const first = await nextPositions(transaction, events.length)
  const rows = events.map(({ id, type, session, at, data }, index) => ({
    id,
    type,
    session,
    at,
    position: first + index,
    data: JSON.stringify(data),
    written_at: now,
  }))
  const added = await transaction
    .insertInto('outbox_events')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  const isNew = new Set(added.map(({ id }) => id))
  const listeners = await listenersOf(transaction, only)
  const deliveries = rows
    .filter(({ id }) => isNew.has(id))
    .flatMap(({ id, type, session, position }) =>
      listeners
        .filter(({ types }) => types === 'all' || types.includes(type))
        .map(({ endpoint }) => ({ event: id, endpoint, session, position, ...fresh(now) })),
    )
  for (let at = 0; at < deliveries.length; at += batch)
    await transaction
      .insertInto('deliveries')
      .values(deliveries.slice(at, at + batch))
      .execute()
  return isNew.size
}

/** Rows of one statement: each brings a dozen values, and databases bound how many a statement may have. */
const batch = 500

function fresh(now: Instant) {
  return { state: 'due', attempts: 0, since: now, next_at: now, held_until: 0 } as const
}

async function nextPositions(transaction: Transaction<Tables>, count: number): Promise<number> {
  const { number } = await transaction
    .insertInto('outbox_marks')
    .values({ name: counter, number: count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ number: row('outbox_marks.number', '+', count) })),
    )
    .returning('number')
    .executeTakeFirstOrThrow()
  return number - count + 1
}

async function listenersOf(transaction: Transaction<Tables>, only: string | undefined) {
  if (only !== undefined) return [{ endpoint: only, types: 'all' as const }]
  const rows = await transaction
    .selectFrom('webhooks')
    .select(['id', 'events'])
    .where('disabled_at', 'is', null)
    .execute()
  return rows.map(({ id, events }) => ({ endpoint: id, types: JSON.parse(events) as readonly string[] }))
}

/** The last position that was given out; 0: none. */
export async function lastPosition(database: Database): Promise<number> {
  const row = await database
    .selectFrom('outbox_marks')
    .select('number')
    .where('name', '=', counter)
    .executeTakeFirst()
  return row?.number ?? 0
}
