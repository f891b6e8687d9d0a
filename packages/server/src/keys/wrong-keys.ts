import type { Clock, Millis } from 'sojourn'
import { AttemptCounters } from '../accounts/attempt-counters.ts'
import { networkOf } from '../accounts/network.ts'
import type { Database } from '../database/open-database.ts'

/** Somebody who is putting a new key in place shows the old one a few times. */
const free = 20

/**
 * Slows down whoever shows wrong keys, by network and for all nodes together. Nobody guesses a key; this spares the log and
 * the database. A right key is never held up by it: many back ends stand behind one address.
 */
export class WrongKeys {
  readonly #counters: AttemptCounters

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#counters = new AttemptCounters(database, clock)
  }

  /** A wrong key was shown. A number: for how many milliseconds no other is looked at. */
  async note(address: string | null): Promise<Millis | undefined> {
    const taken = await this.#counters.take({ key: `api-key:${networkOf(address)}`, free })
    return typeof taken === 'number' ? taken : undefined
  }
}
