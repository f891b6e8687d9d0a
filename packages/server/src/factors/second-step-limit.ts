import type { Clock, Millis } from 'sojourn'
import { AttemptCounters, type Taken } from '../accounts/attempt-counters.ts'
import type { Database } from '../database/open-database.ts'

/** People mistype; six digits are few. */
const free = 5

/** Who enters a code. `device`: one on which the account was signed in to before, shown by its cookie. */
export interface CodeTrier {
  readonly account: string
  readonly device: string | undefined
}

/**
 * Slows down guessing of codes, for each account over all networks, since six digits can be guessed from many of them. Who
 * gets here knows the password. A device that was signed in to the account before has a count of its own, so that whoever
 * guesses keeps nobody out there. A right code gives its own attempt back and forgives nobody else's: the owner's sign-ins
 * are no fresh start for a guesser. An attempt that has to wait is not counted, and neither counts for a sign-in's lockout.
 */
export class SecondStepLimit {
  readonly #counters: AttemptCounters

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#counters = new AttemptCounters(database, clock)
  }

  /** A number: for how many milliseconds more no code is looked at. */
  async attempt({ account, device }: CodeTrier): Promise<Taken | Millis> {
    const place = device === undefined ? '' : `@${device}`
    return this.#counters.take({ key: `second-step:${account}${place}`, free })
  }

  /** The code was right, or nobody looked at it. */
  async giveBack(taken: Taken): Promise<void> {
    await this.#counters.giveBack(taken)
  }

  /** Begins anew for an account whose factors were reset. */
  async forget(account: string): Promise<void> {
    await this.#counters.clearAll(`second-step:${account}`)
  }
}
