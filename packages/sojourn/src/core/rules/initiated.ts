import { flag, type Options } from '../option.ts'
import type { FingerprintPolicy } from './fingerprint.ts'
import type { Check } from './rule.ts'

export interface InitiatedPolicy {
  /** Whether a session without an expiry, or without the fingerprint that the policy takes, is ended on access. */
  readonly requireInitiated: boolean
}

export const initiatedOptions = {
  requireInitiated: flag(
    false,
    'End on access a session that has no expiry or no fingerprint, as Jadu does.',
  ),
} satisfies Options<InitiatedPolicy>

/** A session that was never properly begun is not to be trusted with what it holds. */
export const initiated: Check<InitiatedPolicy & Pick<FingerprintPolicy, 'fingerprint'>> = {
  name: 'initiated',
  check({ session }, { requireInitiated, fingerprint }, now) {
    if (!requireInitiated) return null
    const hasExpiry = session.idleTimeout !== null || session.expiresAt !== null
    const hasFingerprint = fingerprint === 'none' || session.fingerprint !== null
    if (hasExpiry && hasFingerprint && session.activatedAt !== null) return null
    return { action: 'end', reason: 'maintenance', at: now }
  },
}
