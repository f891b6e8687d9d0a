import type { Instant, Session, Sessions, Store } from 'sojourn'
import type { Transaction } from 'kysely'
import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/tables.ts'
import { keepEvents } from './keep-events.ts'
import { endOf, type OutboxEvent, startOf } from './outbox-event.ts'
import { eventsKept } from './outbox.ts'

export interface Intake {
  readonly database: Database
  readonly store: Pick<Store, 'changes'>
  readonly sessions: Pick<Sessions<object>, 'get' | 'list' | 'now'>
  /** Hears of what was taken in. */
  readonly tell: (events: readonly OutboxEvent[]) => void
}

const mark = 'feed'
const batch = 500

/** Whether the store may have ended sessions that the outbox does not know of. Writes nothing. */
export async function hasMore({ database, store }: Intake): Promise<boolean> {
  if (store.changes === undefined) return true
  const place = await readMark(database)
  if (place === undefined || place.place === null) return true
  const { changes, gap } = await store.changes(place.place, 1)
  return gap || changes.length > 0
}

/**
 * Takes in what the store has ended since the last time, and the outbox was not told, or was cut off before it had written.
 * The place in the feed moves on in one step with what was taken in; of two nodes that are at it one moves it, and the other
 * writes nothing. Where the feed has a gap, or the store has none, all that ended within `eventsKept` is looked at. What
 * ended before the very first time is not told. Returns how many events were missing.
 */
export async function takeIn(intake: Intake, signal?: AbortSignal): Promise<number> {
  const { store, sessions, database } = intake
  let added = 0
  const known = await readMark(database)
  if (known === undefined) {
    const place = (await store.changes?.(null, 1))?.cursor ?? null
    await beginMark(database, place, sessions.now())
    return 0
  }
  if (store.changes === undefined || known.place === null) {
    const place = (await store.changes?.(null, 1))?.cursor ?? null
    added += await takeInAll(intake, known.number)
    if (place !== null) await database.transaction().execute((step) => moveMark(step, null, place))
    return added
  }
  let { place } = known
  for (;;) {
    const { changes, cursor, gap } = await store.changes(place, batch)
    if (gap) added += await takeInAll(intake, known.number)
    const ended: Session[] = []
    for (const change of changes) {
      const session = change.kind === 'ended' ? await sessions.get(change.id) : undefined
      if (session !== undefined) ended.push(session)
    }
    if (cursor !== place) added += await keep(intake, ended, (step) => moveMark(step, place, cursor))
    place = cursor
    if (changes.length < batch || signal?.aborted === true) return added
  }
}

/** Its place was moved by somebody else: what they took in is not written twice. */
class Overtaken extends Error {}

async function keep(
  { database, sessions, tell }: Intake,
  ended: readonly Session[],
  also: (step: Transaction<Tables>) => Promise<void> = async () => {},
): Promise<number> {
  const now = sessions.now()
  const events = ended.flatMap((session) => eventsOf(session, now))
  try {
    const added = await database.transaction().execute(async (step) => {
      await also(step)
      return keepEvents(step, events, now)
    })
    if (added > 0) tell(events)
    return added
  } catch (error) {
    if (error instanceof Overtaken) return 0
    throw error
  }
}

/** Its end, and before it its beginning; not one so old that it may have been told and forgotten. */
function eventsOf(session: Session, now: Instant): readonly OutboxEvent[] {
  const end = endOf(session)
  if (end === undefined) return []
  const start = startOf(session)
  return start === undefined || start.at <= now - eventsKept ? [end] : [start, end]
}

async function takeInAll(intake: Intake, begunAt: Instant): Promise<number> {
  const { sessions } = intake
  const since = Math.max(begunAt, sessions.now() - eventsKept)
  let added = 0
  let cursor: string | undefined
  do {
    const page = await sessions.list({
      state: 'ended',
      limit: batch,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const missed = page.items.filter(({ endedAt }) => endedAt !== null && endedAt > since)
    if (missed.length > 0) added += await keep(intake, missed)
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return added
}

async function readMark(database: Database) {
  return database
    .selectFrom('outbox_marks')
    .select(['place', 'number'])
    .where('name', '=', mark)
    .executeTakeFirst()
}

async function beginMark(database: Database, place: string | null, now: Instant): Promise<void> {
  await database
    .insertInto('outbox_marks')
    .values({ name: mark, number: now, place })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

async function moveMark(step: Transaction<Tables>, from: string | null, to: string): Promise<void> {
  const { numUpdatedRows } = await step
    .updateTable('outbox_marks')
    .set({ place: to })
    .where('name', '=', mark)
    .where('place', from === null ? 'is' : '=', from)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new Overtaken('the place in the feed')
}
