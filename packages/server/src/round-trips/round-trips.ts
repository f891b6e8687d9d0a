import { hash, randomBytes } from 'node:crypto'
import type { Clock } from 'sojourn'
import { hour, minute } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { advices, Distrust } from './distrust.ts'

export interface Departure {
  readonly integration: string
  /** What the browser holds: see `browserKey`. */
  readonly browser: string
  readonly returnTo: string | null
  readonly session: string | null
}

export interface Arrival {
  readonly integration: string
  /** What the other site gave back. */
  readonly id: string
  /** What the browser holds; `undefined`: nothing. */
  readonly browser: string | undefined
}

export interface RoundTrip {
  readonly id: string
  readonly nonce: string
  readonly returnTo: string | null
  readonly session: string | null
}

/** How long somebody may take at the other site. */
export const roundTripLasts = 10 * minute
const toldFor = hour

/**
 * Sign-ins that are away at another site. Each comes back once, within its time, to its own integration and into the browser
 * that it left from: somebody else's browser that is made to bring it would be signed in as whoever sent it there. All of it
 * is one statement, so that of any number of arrivals at any number of nodes one counts.
 */
export class RoundTrips {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  async depart({ integration, browser, returnTo, session }: Departure): Promise<RoundTrip> {
    const id = randomBytes(16).toString('base64url')
    const nonce = randomBytes(16).toString('base64url')
    await this.#database
      .insertInto('round_trips')
      .values({
        id,
        integration,
        browser: digest(browser),
        nonce,
        return_to: returnTo,
        session,
        expires_at: this.#clock.now() + roundTripLasts,
        used_at: null,
      })
      .execute()
    return { id, nonce, returnTo, session }
  }

  /** Throws `Distrust` where it is not the first arrival, in time, of this browser. */
  async arrive({ integration, id, browser }: Arrival): Promise<RoundTrip> {
    const now = this.#clock.now()
    const row =
      browser === undefined
        ? undefined
        : await this.#database
            .updateTable('round_trips')
            .set({ used_at: now })
            .where('id', '=', id)
            .where('integration', '=', integration)
            .where('browser', '=', digest(browser))
            .where('expires_at', '>=', now)
            .where('used_at', 'is', null)
            .returning(['id', 'nonce', 'return_to', 'session'])
            .executeTakeFirst()
    if (row === undefined) throw await this.#refusal(integration, id, browser)
    return { id: row.id, nonce: row.nonce, returnTo: row.return_to, session: row.session }
  }

  /** Whether an assertion comes for the first time. It is remembered until `expiresAt`, when nobody believes it any more. */
  async take(integration: string, assertion: string, expiresAt: number): Promise<boolean> {
    const first = await this.#database
      .insertInto('taken_assertions')
      .values({ key: digest(JSON.stringify([integration, assertion])), expires_at: expiresAt })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .execute()
    return first.length === 1
  }

  /** Removes what has expired; a round trip a while later, so that whoever is late is told so. */
  async sweep(): Promise<void> {
    const now = this.#clock.now()
    await this.#database
      .deleteFrom('round_trips')
      .where('expires_at', '<', now - toldFor)
      .execute()
    await this.#database.deleteFrom('taken_assertions').where('expires_at', '<', now).execute()
  }

  /** Only says what was wrong: it has been refused already. */
  async #refusal(integration: string, id: string, browser: string | undefined): Promise<Distrust> {
    const expected = 'the answer to a sign-in that this browser began here less than ten minutes ago'
    const refused = (why: string, came: string, advice: string = advices.again): Distrust =>
      new Distrust(why, { expected, came, advice })
    const row = await this.#database
      .selectFrom('round_trips')
      .selectAll()
      .where('id', '=', id)
      .where('integration', '=', integration)
      .executeTakeFirst()
    if (row === undefined) return refused('state', 'an answer to none that is known')
    if (row.used_at !== null) return refused('replayed', 'one that was answered before')
    if (this.#clock.now() > row.expires_at) return refused('state_expired', 'one that took longer')
    const own =
      'Open it in a window of its own, not in a frame of another site, and allow cookies for this address.'
    return browser === undefined
      ? refused('no_cookie', 'an answer without the cookie of this browser', own)
      : refused('other_browser', 'an answer to a sign-in of another browser', own)
  }
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url')
}
