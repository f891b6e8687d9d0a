import type { Clock, Instant, Millis, SessionEvent } from 'sojourn'
import { day } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import type { Logger } from '../logger.ts'
import { keepEvents } from './keep-events.ts'
import { type OutboxEvent, outboxEventOf } from './outbox-event.ts'

/** How long an event is kept after it was written; one that is still to be delivered, and a dead letter, longer. */
export const eventsKept: Millis = 7 * day

const batch = 500

export interface OutboxParts {
  readonly database: Database
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** What was kept, as who looks at it one after the other reads it. */
export interface KeptEvent extends OutboxEvent {
  readonly position: number
}

/**
 * What happened to sessions, until everybody who is to hear has heard. The session store is another place than this
 * database, so that no transaction spans both, and the law is kept in two halves. **An end is told at least once**, under an
 * id that follows from the session: it is written here before the request that ended it is answered, and whatever was cut
 * off before, or ended by another program, is taken in from the store's own feed (`takeIn`). A beginning is told at the
 * latest before its end. A refused sign-in or a reuse is told unless the process or this database fails in that moment.
 */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #waiting: OutboxEvent[] = []
  readonly #grew = new Set<(event: readonly OutboxEvent[]) => void>()
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** A listener of the sessions. What many tell in one turn is written together. */
  readonly hear = (event: SessionEvent): void => {
    const told = outboxEventOf(event)
    if (told === undefined) return
    this.#waiting.push(told)
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write())
  }

  /** Resolves once all that was heard is written, or could not be. */
  settled(): Promise<void> {
    return this.#writing
  }

  /** Keeps an event for one endpoint alone. */
  async keepFor(endpoint: string, event: OutboxEvent): Promise<void> {
    const { database, clock } = this.#parts
    await database.transaction().execute((step) => keepEvents(step, [event], clock.now(), endpoint))
    this.tell([event])
  }

  /** Calls back after this node has written events; returns a function that stops it. */
  onGrowth(grew: (events: readonly OutboxEvent[]) => void): () => void {
    this.#grew.add(grew)
    return () => void this.#grew.delete(grew)
  }

  /** For who has written events by other ways. */
  tell(events: readonly OutboxEvent[]): void {
    for (const grew of this.#grew) grew(events)
  }

  /** Events after a position, oldest first. */
  async after(position: number, limit: number): Promise<readonly KeptEvent[]> {
    const rows = await this.#parts.database
      .selectFrom('outbox_events')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(({ data, type, ...row }) => ({
      ...row,
      type: type as OutboxEvent['type'],
      data: JSON.parse(data) as OutboxEvent['data'],
    }))
  }

  /** Removes a bounded batch of what is older than that, and has nobody left to hear of it; returns how many. */
  async sweep(now: Instant): Promise<number> {
    const { database } = this.#parts
    const old = await database
      .selectFrom('outbox_events')
      .select('id')
      .where('written_at', '<', now - eventsKept)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('deliveries')
              .select('deliveries.event')
              .whereRef('deliveries.event', '=', 'outbox_events.id')
              .where((row) =>
                row.or([
                  row('deliveries.state', '=', 'due'),
                  row.and([
                    row('deliveries.state', '=', 'dead'),
                    row('deliveries.since', '>=', now - deadKept),
                  ]),
                ]),
              ),
          ),
        ),
      )
      .orderBy('written_at')
      .limit(batch)
      .execute()
    if (old.length === 0) return 0
    const ids = old.map(({ id }) => id)
    await database.deleteFrom('outbox_events').where('id', 'in', ids).execute()
    return old.length
  }

  async #write(): Promise<void> {
    const { database, clock, log } = this.#parts
    // Whoever tells from here on begins another writing.
    const events = this.#waiting.splice(0)
    for (let at = 0; at < events.length; at += batch) {
      const some = events.slice(at, at + batch)
      try {
        await database.transaction().execute((step) => keepEvents(step, some, clock.now()))
        this.tell(some)
      } catch (error) {
        log.error(
          { err: error, events: some.length },
          'events could not be kept: ends are taken in again from the session store',
        )
      }
    }
  }
}

/** How long a dead letter is kept after its first attempt. */
export const deadKept: Millis = 30 * day
