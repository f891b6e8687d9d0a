import { randomUUID } from 'node:crypto'
import type { Clock, Instant, Millis, SessionEvent } from 'sojourn'
import { day } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'

export interface DeniedLogin {
  readonly at: Instant
  /** The word of the event: `login_disabled_by_limit`, `login_refused_by_limit`. */
  readonly reason: string
}

/** How long a refusal is kept, and how many of one account: who tries again and again fills no table. */
export const deniedKept: { readonly for: Millis; readonly most: number } = { for: 30 * day, most: 20 }

/** Rows that one sweep removes at most: it holds nobody up. */
const batch = 1_000

/** The last sign-ins of each account that were refused with the right credentials, for whoever is asked why. */
export class DeniedLogins {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  /** A listener of the sessions. It keeps what the event tells, and of older ones of the account only the newest. */
  readonly hear = async (event: SessionEvent): Promise<void> => {
    if (event.type === 'login.refused') await this.#keep(event.subject, event.at, event.reason)
  }

  /** Keeps a refusal that is no limit's: a disabled account's, or that of a way in which the account may not take. */
  async note(account: string, reason: string): Promise<void> {
    await this.#keep(account, this.#clock.now(), reason)
  }

  async #keep(account: string, at: Instant, reason: string): Promise<void> {
    await this.#database
      .insertInto('denied_logins')
      .values({ id: randomUUID(), account, at, reason })
      .execute()
    const beyond = await this.#database
      .selectFrom('denied_logins')
      .select('id')
      .where('account', '=', account)
      .orderBy('at', 'desc')
      .orderBy('id')
      .offset(deniedKept.most)
      .limit(batch)
      .execute()
    if (beyond.length > 0) await this.#remove(beyond.map(({ id }) => id))
  }

  /** Those of an account that are still kept, newest first. */
  async of(account: string): Promise<readonly DeniedLogin[]> {
    return this.#database
      .selectFrom('denied_logins')
      .select(['at', 'reason'])
      .where('account', '=', account)
      .where('at', '>=', this.#clock.now() - deniedKept.for)
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(deniedKept.most)
      .execute()
  }

  /** Removes a bounded batch of what is older than that. */
  async sweep(): Promise<void> {
    const old = await this.#database
      .selectFrom('denied_logins')
      .select('id')
      .where('at', '<', this.#clock.now() - deniedKept.for)
      .orderBy('at')
      .limit(batch)
      .execute()
    if (old.length > 0) await this.#remove(old.map(({ id }) => id))
  }

  async #remove(ids: readonly string[]): Promise<void> {
    await this.#database.deleteFrom('denied_logins').where('id', 'in', ids).execute()
  }
}
