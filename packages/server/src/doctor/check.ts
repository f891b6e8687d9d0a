import type { Sessions, Store } from 'sojourn'
import type { Accounts } from '../accounts/accounts.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/open-database.ts'

export interface Finding {
  readonly check: string
  /** `skipped`: what it needs does not answer. */
  readonly state: 'ok' | 'warning' | 'failure' | 'skipped'
  readonly says: string
  /** What to do about it. */
  readonly todo?: string
}

/** What is known when everything answers; a check that needs what does not is skipped. */
export interface Ground {
  readonly config: Config
  /** The secrets as they are configured; `undefined`: none is. */
  readonly secrets: readonly string[] | undefined
  readonly database: Database
  readonly store: Store
  readonly sessions: Sessions<object>
  readonly accounts: Accounts
  readonly now: () => number
}

/** Looks at one thing, and changes nothing. */
export interface Check {
  readonly name: string
  readonly needs: readonly (keyof Ground)[]
  readonly look: (ground: Ground) => Promise<Omit<Finding, 'check'>>
}

/** Ties what a check looks at to what it says it needs. */
export function defineCheck<const Needs extends keyof Ground>(check: {
  readonly name: string
  readonly needs: readonly Needs[]
  readonly look: (ground: Pick<Ground, Needs>) => Promise<Omit<Finding, 'check'>>
}): Check {
  return check
}
