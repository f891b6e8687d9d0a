import { hash } from 'node:crypto'
import type { Clock, Millis } from 'sojourn'
import { hour } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { emailKey } from './account.ts'
import { AttemptCounters, type Counter, type Taken } from './attempt-counters.ts'
import { networkOf } from './network.ts'

/**
 * Failures that cost nothing: people mistype, and behind one address stand many people. An account's own count over all
 * networks is far higher: it is there against guessers with many addresses, and must not be a way to keep its owner out.
 */
const free = {
  pair: 5,
  device: 5,
  address: 50,
  account: 100,
  signup: 20,
  vouched: 50,
  unguessable: 50,
  arrivals: 5_000,
} as const

/** Who tries to sign in. */
export interface Trier {
  readonly email: string
  readonly address: string | null
  /** The id of a device on which the account was signed in to before, proven by its cookie. */
  readonly device?: string | undefined
}

/** What becomes of an attempt. */
export type Attempt =
  /** The credentials are looked at. Give it back where they were not. */
  | { readonly state: 'judge'; readonly taken: readonly Taken[] }
  /** It is answered as wrong whatever it is, after the same work. */
  | { readonly state: 'pretend'; readonly taken: readonly Taken[] }
  /** It is refused without any work: this says nothing of any account. */
  | { readonly state: 'refused'; readonly wait: Millis }

/**
 * Slows down guessing, and keeps nobody out by it. Four counters, each alike for accounts that exist and that do not:
 * - A network may fail 50 times; then it is refused, and told for how long.
 * - An account from one network may fail 5 times; then nobody there opens it for a while. Elsewhere it opens as ever.
 * - An account may fail 100 times from all networks together that have not signed in to it since; then no new device does.
 * - A device that was signed in to the account before is judged by a counter of its own (5) and by none of the others:
 *   whatever strangers do, and wherever they do it, its owner gets in.
 * After the free ones the wait is a second, then twice as long each time up to five minutes; a day of rest begins anew.
 */
export class Lockout {
  readonly #counters: AttemptCounters
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    this.#counters = new AttemptCounters(database, clock)
  }

  async attempt({ email, address, device }: Trier): Promise<Attempt> {
    if (device !== undefined) {
      const own = await this.#counters.take(ofDevice(email, device))
      return typeof own === 'number' ? { state: 'refused', wait: own } : { state: 'judge', taken: [own] }
    }
    const network = await this.#counters.take(ofAddress(address))
    if (typeof network === 'number') return { state: 'refused', wait: network }
    const taken = [network]
    try {
      const pair = await this.#counters.take(ofPair(email, address))
      if (typeof pair === 'number') return { state: 'pretend', taken }
      taken.push(pair)
      const account = await this.#counters.take(ofAccount(email))
      if (typeof account !== 'number') return { state: 'judge', taken: [...taken, account] }
      // The network has done nothing wrong by coming while others guess.
      await this.#counters.giveBack(pair)
      return { state: 'pretend', taken: [network] }
    } catch (error) {
      await this.giveBack(taken)
      throw error
    }
  }

  /** Nobody has looked at the credentials: as if there had been no attempt. */
  async giveBack(taken: readonly Taken[]): Promise<void> {
    for (const one of taken) await this.#counters.giveBack(one)
  }

  /**
   * The password was right. What failed from this network, or on this device, was its owner's: both begin anew, and the
   * account gets back what they had cost it. The address, which may have tried others, gets this one attempt back.
   */
  async succeed({ email, address, device }: Trier, taken: readonly Taken[]): Promise<void> {
    const { key } = ofAddress(address)
    for (const one of taken) if (one.key === key) await this.#counters.giveBack(one)
    if (device !== undefined) await this.#counters.clear(ofDevice(email, device).key)
    const owners = await this.#counters.clear(ofPair(email, address).key)
    if (owners > 0) await this.#counters.subtract(ofAccount(email).key, owners)
  }

  /** Whether a network may sign up once more: 20 times at once, whoever they are for. A number: for how long not. */
  async signUp(address: string | null): Promise<Taken | Millis> {
    return this.#counters.take({ key: `signup:${networkOf(address)}`, free: free.signup })
  }

  /**
   * Whether a network may try to come in by somebody else's word once more, counted as a failure until it is given back. A
   * number: for how long not. It has a count of its own: a site whose link is broken keeps nobody from their password.
   */
  async tryVouched(address: string | null): Promise<Taken | Millis> {
    return this.#counters.take({ key: `vouched:${networkOf(address)}`, free: free.vouched })
  }

  /**
   * Whether a network may show a link of a letter or a passkey once more, counted as a failure until it is given back. A
   * number: for how long not. It has a count of its own: whoever tries keys keeps nobody behind the address from their password.
   */
  async tryUnguessable(address: string | null): Promise<Taken | Millis> {
    return this.#counters.take({ key: `unguessable:${networkOf(address)}`, free: free.unguessable })
  }

  /**
   * Counts somebody who comes in by somebody else's word, which takes nothing to repeat: 5,000 an hour from one network, as
   * a whole campus may stand behind one address. For how long nobody more comes in, or `undefined`: they do.
   */
  async arrive(address: string | null): Promise<Millis | undefined> {
    const key = `arrivals:${networkOf(address)}@${Math.floor(this.#clock.now() / hour)}`
    const taken = await this.#counters.take({ key, free: free.arrivals })
    return typeof taken === 'number' ? taken : undefined
  }

  /** Begins anew for an account that got another password by an administrator's hand. */
  async forget(email: string): Promise<void> {
    await this.#counters.clear(ofAccount(email).key)
    await this.#counters.clearAll(`pair:${nameOf(email)}@`)
  }

  /** Removes the counters that have rested long enough. */
  async sweep(): Promise<void> {
    await this.#counters.sweep()
  }
}

function ofAddress(address: string | null): Counter {
  return { key: `address:${networkOf(address)}`, free: free.address }
}

function ofPair(email: string, address: string | null): Counter {
  return { key: `pair:${nameOf(email)}@${networkOf(address)}`, free: free.pair }
}

function ofAccount(email: string): Counter {
  return { key: `account:${nameOf(email)}`, free: free.account }
}

function ofDevice(email: string, device: string): Counter {
  return { key: `device:${nameOf(email)}@${device}`, free: free.device }
}

/** Hashed: what was typed may be anybody's address, or a password in the wrong field. */
function nameOf(email: string): string {
  return hash('sha256', emailKey(email), 'base64url')
}
