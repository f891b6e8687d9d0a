import { isDeepStrictEqual } from 'node:util'
import type { PolicyInput, Sessions } from 'sojourn'
import type { Config } from '../config.ts'
import { composePolicy } from '../settings/compose-policy.ts'
import type { StoredSetting } from '../settings/stored-settings.ts'
import { refused } from './refused.ts'

/** What a running server can go by from one request to the next. All else its connections and cookies were made by. */
const changeable: ReadonlySet<keyof Config> = new Set([
  'policy',
  'freshness',
  'stepUp',
  'signup',
  'applications',
  'globalLogoutField',
  'globalLogoutLabel',
  'inactiveSentence',
  'clearSiteData',
])

/** The settings that a server goes by now. */
export class LiveConfig {
  #current: Config
  /** That of the settings, with what administrators have set. */
  #policy: PolicyInput
  readonly #sessions: Pick<Sessions<object>, 'applyPolicy'>

  /** `policy`: what the sessions go by already. */
  constructor(config: Config, policy: PolicyInput, sessions: Pick<Sessions<object>, 'applyPolicy'>) {
    this.#current = config
    this.#policy = policy
    this.#sessions = sessions
  }

  get current(): Config {
    return this.#current
  }

  /**
   * Goes by other settings from the next request on, and tells which those are; `stored`: what administrators have set. All
   * or nothing: throws `invalid_option` where one does not read, or only a restart can change it, and then goes by the old
   * ones.
   */
  async take(next: Config, stored: readonly StoredSetting[]): Promise<readonly (keyof Config)[]> {
    const before = this.#current
    const policy = composePolicy(next.policy, stored)
    const changed = (Object.keys(next) as (keyof Config)[]).filter((key) =>
      key === 'policy'
        ? !isDeepStrictEqual(this.#policy, policy)
        : !isDeepStrictEqual(before[key], next[key]),
    )
    const settled = changed.find((key) => !changeable.has(key) && !isOtherCode(key, before, next))
    // The value is not shown: it may be a secret, or an address with a password.
    if (settled !== undefined)
      throw refused(settled, 'what it was at the start', 'another; restart for it', 'told')
    if (changed.includes('policy')) await this.#sessions.applyPolicy(policy)
    this.#current = next
    this.#policy = policy
    return changed
  }
}

/** A look-up is code: a file that was changed elsewhere brings it anew, and it works from the next page on. */
function isOtherCode(key: keyof Config, before: Config, next: Config): boolean {
  return key === 'geo' && before.geo?.kind === 'lookup' && next.geo?.kind === 'lookup'
}
