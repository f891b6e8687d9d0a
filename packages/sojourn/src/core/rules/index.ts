import { absoluteTimeout, absoluteTimeoutOptions, type AbsoluteTimeoutPolicy } from './absolute-timeout.ts'
import { fingerprint, fingerprintOptions, type FingerprintPolicy } from './fingerprint.ts'
import { idleTimeout, idleTimeoutOptions, type IdleTimeoutPolicy } from './idle-timeout.ts'
import { initiated, initiatedOptions, type InitiatedPolicy } from './initiated.ts'
import { notBefore } from './not-before.ts'
import { regenerationOptions, type RegenerationPolicy } from './regeneration.ts'
import type { Check, Deadline } from './rule.ts'

/** The options that the rules own. */
export interface RulesPolicy
  extends AbsoluteTimeoutPolicy, IdleTimeoutPolicy, InitiatedPolicy, FingerprintPolicy, RegenerationPolicy {}

export const rulesOptions = {
  ...absoluteTimeoutOptions,
  ...idleTimeoutOptions,
  ...initiatedOptions,
  ...fingerprintOptions,
  ...regenerationOptions,
}

/**
 * The rules that end a session. Several may find it over; the one whose moment came first gives the reason, and at one
 * moment the one that stands higher here, checks before deadlines. So a sweep and a late request say the same.
 */
export const checks: readonly Check<RulesPolicy>[] = [notBefore, initiated, fingerprint]
export const deadlines: readonly Deadline<RulesPolicy>[] = [absoluteTimeout, idleTimeout]
