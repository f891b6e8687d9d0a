import type { Clock, Millis } from 'sojourn'
import { AttemptCounters, type Taken } from '../accounts/attempt-counters.ts'
import { networkOf } from '../accounts/network.ts'
import type { Database } from '../database/open-database.ts'

/** How many sign-ins of a network may leave for another site and not come back. */
const free = 300

/**
 * Keeps a network from filling the table of round trips. A school of which everybody comes back counts as nobody: who does
 * is taken off again.
 */
export class DepartureLimit {
  readonly #counters: AttemptCounters

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#counters = new AttemptCounters(database, clock)
  }

  /** A number: for how long nobody may leave from this network. */
  async depart(address: string | null): Promise<Taken | Millis> {
    return this.#counters.take({ key: keyOf(address), free })
  }

  async cameBack(address: string | null): Promise<void> {
    await this.#counters.subtract(keyOf(address), 1)
  }
}

function keyOf(address: string | null): string {
  return `departures:${networkOf(address)}`
}
