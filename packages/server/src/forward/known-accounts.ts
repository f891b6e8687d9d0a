import type { Clock, Instant, Millis } from 'sojourn'
import type { Account } from '../accounts/account.ts'
import type { Accounts } from '../accounts/accounts.ts'

/** More than are asked about within a bound of a minute at most. */
const most = 10_000

/**
 * Accounts as other back ends are told of them: who is disabled, and which roles hold, no later than `staleness` after it
 * changed. That is the bound of the sessions' cache (`SOJOURN_CACHE`): an operator who takes one takes it for every
 * revocation. Without it the row is read each time.
 */
export class KnownAccounts {
  readonly #accounts: Pick<Accounts, 'find'>
  readonly #clock: Pick<Clock, 'now'>
  readonly #staleness: Millis | null
  readonly #known = new Map<string, { readonly account: Account; readonly at: Instant }>()

  constructor(accounts: Pick<Accounts, 'find'>, clock: Pick<Clock, 'now'>, staleness: Millis | null) {
    this.#accounts = accounts
    this.#clock = clock
    this.#staleness = staleness
  }

  /** `undefined`: there is none, or nobody may sign in to it. At once where it is known. */
  usable(id: string): Account | undefined | Promise<Account | undefined> {
    const staleness = this.#staleness
    if (staleness === null) return this.#read(id)
    const known = this.#known.get(id)
    const now = this.#clock.now()
    // A clock that was set back makes nothing last longer.
    if (known !== undefined && now >= known.at && now - known.at < staleness) return known.account
    return this.#read(id).then((account) => {
      if (account !== undefined) this.#keep(id, account, now)
      return account
    })
  }

  /** `at`: before it was read, so that the bound counts from what the database said. */
  #keep(id: string, account: Account, at: Instant): void {
    this.#known.delete(id)
    if (this.#known.size >= most) {
      const [oldest] = this.#known.keys()
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    this.#known.set(id, { account, at })
  }

  async #read(id: string): Promise<Account | undefined> {
    const account = await this.#accounts.find(id)
    if (account?.disabledAt === null) return account
    this.#known.delete(id)
    return undefined
  }
}
