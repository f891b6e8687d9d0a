import { hash } from 'node:crypto'
import type { Clock, Millis } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { emailKey } from './account.ts'
import { AttemptCounters, type Taken } from './attempt-counters.ts'
import { networkOf } from './network.ts'

/** What costs nothing: letters to one address, and letters that one network asks for, whoever they are for. */
const free = { address: 4, network: 20 } as const

/**
 * Keeps anybody from filling a mailbox, or from asking about many addresses. The letters to an address are counted whether
 * it has an account or not, so that the count tells nothing; one too many is not sent, and nobody is told.
 */
export class MailLimit {
  readonly #counters: AttemptCounters

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#counters = new AttemptCounters(database, clock)
  }

  /** Whether a network may ask for a letter. A number: for how long not. */
  async ask(network: string | null): Promise<Taken | Millis> {
    return this.#counters.take({ key: `mail-from:${networkOf(network)}`, free: free.network })
  }

  /** Whether one more letter that somebody else asked for may go to an address now. */
  async maySend(email: string): Promise<boolean> {
    const key = `mail-to:${hash('sha256', emailKey(email), 'base64url')}`
    return typeof (await this.#counters.take({ key, free: free.address })) !== 'number'
  }
}
