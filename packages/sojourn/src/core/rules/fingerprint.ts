import { browserKind } from '../device.ts'
import { choice, type Options } from '../option.ts'
import type { RequestFacts } from '../session.ts'
import type { Check } from './rule.ts'

export interface FingerprintPolicy {
  /** What of the browser is kept with the session: nothing, its exact User-Agent, or its family, system and form. */
  readonly fingerprint: 'none' | 'ua-exact' | 'family+os'
  /** What a change of the fingerprint leads to. */
  readonly onFingerprintChange: 'log' | 'step-up' | 'end'
}

export const fingerprintOptions = {
  fingerprint: choice(
    ['none', 'ua-exact', 'family+os'],
    'none',
    'What of the browser a session is compared with. The exact User-Agent changes with every browser update.',
  ),
  onFingerprintChange: choice(
    ['log', 'step-up', 'end'],
    'log',
    'What happens when the fingerprint has changed.',
  ),
} satisfies Options<FingerprintPolicy>

/** As much of a User-Agent as is kept: no browser's is longer. */
export const longestUserAgent = 512

/** What the recipe makes of a request; `null`: nothing to compare. */
export function fingerprintOf(
  { userAgent }: RequestFacts,
  recipe: FingerprintPolicy['fingerprint'],
): string | null {
  if (recipe === 'none') return null
  if (recipe === 'ua-exact') return `ua-exact:${userAgent?.slice(0, longestUserAgent) ?? ''}`
  if (userAgent === null) return null
  const { family, os, mobile } = browserKind(userAgent)
  return `family+os:${family}/${os}/${mobile ? 'mobile' : 'desktop'}`
}

/** A recipe that was changed since the session began compares nothing: its word is not the stored one's. */
export const fingerprint: Check<FingerprintPolicy> = {
  name: 'fingerprint',
  check({ session, request }, policy, now) {
    if (policy.fingerprint === 'none') return null
    const stored = session.fingerprint
    if (stored === null || !stored.startsWith(`${policy.fingerprint}:`)) return null
    const seen = fingerprintOf(request, policy.fingerprint)
    if (seen === null || seen === stored) return null
    const reason = 'fingerprint_mismatch'
    const action = policy.onFingerprintChange
    return action === 'end' ? { action, reason, at: now } : { action, reason }
  },
}
