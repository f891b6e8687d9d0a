import { isDeepStrictEqual } from 'node:util'
import type { Sessions } from 'sojourn'
import type { Config } from '../config.ts'
import { refused } from './refused.ts'

/** What a running server can go by from one request to the next. All else its connections and cookies were made by. */
const changeable: ReadonlySet<keyof Config> = new Set([
  'policy',
  'freshness',
  'stepUp',
  'signup',
  'globalLogoutField',
  'globalLogoutLabel',
  'inactiveSentence',
  'clearSiteData',
])

/** The settings that a server goes by now. */
export class LiveConfig {
  #current: Config
  readonly #sessions: Pick<Sessions<object>, 'applyPolicy'>

  constructor(config: Config, sessions: Pick<Sessions<object>, 'applyPolicy'>) {
    this.#current = config
    this.#sessions = sessions
  }

  get current(): Config {
    return this.#current
  }

  /**
   * Goes by other settings from the next request on, and tells which those are. All or nothing: throws `invalid_option`
   * where one does not read, or only a restart can change it, and then goes by the old ones.
   */
  async take(next: Config): Promise<readonly (keyof Config)[]> {
    const before = this.#current
    const changed = (Object.keys(next) as (keyof Config)[]).filter(
      (key) => !isDeepStrictEqual(before[key], next[key]),
    )
    const settled = changed.find((key) => !changeable.has(key))
    // The value is not shown: it may be a secret, or an address with a password.
    if (settled !== undefined)
      throw refused(settled, 'what it was at the start', 'another; restart for it', 'told')
    if (changed.includes('policy')) await this.#sessions.applyPolicy(next.policy)
    this.#current = next
    return changed
  }
}
