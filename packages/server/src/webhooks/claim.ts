import type { Kysely } from 'kysely'
import type { Clock, Instant, Millis } from 'sojourn'
import { hour } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/tables.ts'

/** What is to be sent, and is nobody else's to send for now. */
export interface Claimed {
  readonly event: string
  readonly endpoint: string
  readonly attempts: number
  readonly since: Instant
  readonly type: string
  readonly at: Instant
  readonly data: string
}

interface Ground {
  readonly database: Database
  readonly clock: Pick<Clock, 'now'>
}

/** Longer than any delivery is held, or waits: what lies further ahead was written by a clock that was wrong. */
const mostAhead: Millis = 9 * hour

/**
 * Claims the oldest of what is due, in one step: of two who try at once one has it. Of one endpoint and session the earlier
 * goes first: as long as it is due, the later one is not. `undefined`: nothing is due, or somebody was faster.
 */
export async function claim(
  { database, clock, claimLasts }: Ground & { readonly claimLasts: Millis },
  holder: string,
  exceptEndpoints: readonly string[] = [],
): Promise<Claimed | undefined> {
  const now = clock.now()
  const due = await dueAt(database, now)
    .select(['deliveries.event', 'deliveries.endpoint'])
    .$if(exceptEndpoints.length > 0, (query) => query.where('deliveries.endpoint', 'not in', exceptEndpoints))
    .orderBy('deliveries.position')
    .limit(1)
    .executeTakeFirst()
  if (due === undefined) return undefined
  const { event, endpoint } = due
  const row = await database
    .updateTable('deliveries')
    .set({ holder, held_until: now + claimLasts })
    .where('event', '=', event)
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'due')
    .where(({ or, eb }) => or([eb('held_until', '<', now), eb('held_until', '>', now + mostAhead)]))
    .returning(['attempts', 'since'])
    .executeTakeFirst()
  if (row === undefined) return undefined
  const told = await database
    .selectFrom('outbox_events')
    .select(['type', 'at', 'data'])
    .where('id', '=', event)
    .executeTakeFirst()
  return told && { event, endpoint, ...row, ...told }
}

/** Gives back what was not tried to its end: the next one may have it at once. */
export async function giveUp(
  { database }: Ground,
  holder: string,
  { event, endpoint }: Pick<Claimed, 'event' | 'endpoint'>,
): Promise<void> {
  await database
    .updateTable('deliveries')
    .set({ holder: null, held_until: 0 })
    .where('event', '=', event)
    .where('endpoint', '=', endpoint)
    .where('holder', '=', holder)
    .execute()
}

/** Whether anything can be sent: nothing to an endpoint that is disabled, whatever waits for it. */
export async function anyDue({ database, clock }: Ground): Promise<boolean> {
  const row = await dueAt(database, clock.now()).select('deliveries.event').limit(1).executeTakeFirst()
  return row !== undefined
}

function dueAt(database: Kysely<Tables>, now: Instant) {
  const ahead = now + mostAhead
  return database
    .selectFrom('deliveries')
    .innerJoin('webhooks', 'webhooks.id', 'deliveries.endpoint')
    .where('deliveries.state', '=', 'due')
    .where('webhooks.disabled_at', 'is', null)
    .where(({ or, eb }) => or([eb('deliveries.next_at', '<=', now), eb('deliveries.next_at', '>', ahead)]))
    .where(({ or, eb }) =>
      or([eb('deliveries.held_until', '<', now), eb('deliveries.held_until', '>', ahead)]),
    )
    .where(({ or, eb }) => or([eb('webhooks.retry_at', '<=', now), eb('webhooks.retry_at', '>', ahead)]))
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb('deliveries.session', '=', ''),
        not(
          exists(
            selectFrom('deliveries as earlier')
              .select('earlier.event')
              .whereRef('earlier.endpoint', '=', 'deliveries.endpoint')
              .whereRef('earlier.session', '=', 'deliveries.session')
              .where('earlier.state', '=', 'due')
              .whereRef('earlier.position', '<', 'deliveries.position'),
          ),
        ),
      ]),
    )
}
