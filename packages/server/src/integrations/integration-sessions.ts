import type { Clock, Millis, Sessions } from 'sojourn'
import { day, isLive } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'

/** How many live sessions of an integration are counted at most, for whoever is about to end them. */
export const mostCounted = 1_000
/** How long it may be known of a session that is over which integration began it. */
const keptFor: Millis = day
const batch = 500

/** Which integration began which session, so that its sessions can be ended with it. */
export class IntegrationSessions {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  async note(session: string, integration: string): Promise<void> {
    await this.#database
      .insertInto('integration_sessions')
      .values({ session_id: session, integration_id: integration, checked_at: this.#clock.now() })
      .onConflict((conflict) => conflict.column('session_id').doNothing())
      .execute()
  }

  /** The id of the integration that began a session. */
  async beganBy(session: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('integration_sessions')
      .select('integration_id')
      .where('session_id', '=', session)
      .executeTakeFirst()
    return row?.integration_id
  }

  /** The live ones of an integration; `complete: false`: there are more than `most`. */
  async live(
    sessions: Pick<Sessions<object>, 'get' | 'now'>,
    integration: string,
    most: number,
  ): Promise<{ readonly count: number; readonly complete: boolean }> {
    const now = sessions.now()
    let count = 0
    for await (const id of this.#ids(integration)) {
      const session = await sessions.get(id)
      if (session === undefined || !isLive(session, now)) continue
      if (count === most) return { count, complete: false }
      count++
    }
    return { count, complete: true }
  }

  /** Ends all of an integration, whose word no longer counts by then. How many there were. */
  async endAll(sessions: Pick<Sessions<object>, 'end'>, integration: string, by: string): Promise<number> {
    let ended = 0
    for await (const id of this.#ids(integration))
      ended += (await sessions.end({ id }, 'bulk_revoked', by)).length
    return ended
  }

  /** Forgets a bounded batch of those that are over. */
  async sweep(sessions: Pick<Sessions<object>, 'get'>): Promise<void> {
    const now = this.#clock.now()
    const rows = await this.#database
      .selectFrom('integration_sessions')
      .select('session_id')
      .where('checked_at', '<', now - keptFor)
      .orderBy('checked_at')
      .limit(batch)
      .execute()
    const over: string[] = []
    const live: string[] = []
    for (const { session_id: id } of rows) {
      const session = await sessions.get(id)
      const isOver = session === undefined || session.endedAt !== null
      ;(isOver ? over : live).push(id)
    }
    if (over.length > 0)
      await this.#database.deleteFrom('integration_sessions').where('session_id', 'in', over).execute()
    if (live.length > 0)
      await this.#database
        .updateTable('integration_sessions')
        .set({ checked_at: now })
        .where('session_id', 'in', live)
        .execute()
  }

  async *#ids(integration: string): AsyncIterable<string> {
    let after = ''
    for (;;) {
      const rows = await this.#database
        .selectFrom('integration_sessions')
        .select('session_id')
        .where('integration_id', '=', integration)
        .where('session_id', '>', after)
        .orderBy('session_id')
        .limit(batch)
        .execute()
      for (const { session_id: id } of rows) yield id
      const last = rows.at(-1)
      if (last === undefined || rows.length < batch) return
      after = last.session_id
    }
  }
}
