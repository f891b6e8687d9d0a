import type { CookiePolicy } from './cookie-policy.ts'
import { day, formatDuration, hour, minute } from './duration.ts'
import { choice, type Options } from './option.ts'
import type { RememberPolicy } from './remember.ts'
import type { AbsoluteTimeoutPolicy } from './rules/absolute-timeout.ts'
import type { IdleTimeoutPolicy } from './rules/idle-timeout.ts'
import type { Millis } from './session.ts'

export interface NistPolicy {
  /** The authenticator assurance level of NIST SP 800-63B-4 that the policy claims, and is held to. */
  readonly aal: 'none' | 'aal1' | 'aal2' | 'aal3'
}

export const nistOptions = {
  aal: choice(
    ['none', 'aal1', 'aal2', 'aal3'],
    'none',
    'The level of NIST SP 800-63B-4 whose limits the timeouts are held to: refused above what it demands, a warning above what it advises.',
  ),
} satisfies Options<NistPolicy>

interface Bounds {
  /** Above it the policy is refused. */
  readonly shall?: Millis
  /** Above it the policy works, with a warning. */
  readonly should?: Millis
}

/** Sections 2.1.3, 2.2.3 and 2.3.3. An overall timeout there must be, at every level. */
const bounds: { readonly [level in Exclude<NistPolicy['aal'], 'none'>]: { overall: Bounds; idle: Bounds } } =
  {
    aal1: { overall: { should: 30 * day }, idle: {} },
    aal2: { overall: { should: 24 * hour }, idle: { should: hour } },
    aal3: { overall: { shall: 12 * hour }, idle: { should: 15 * minute } },
  }

type Held = NistPolicy & AbsoluteTimeoutPolicy & IdleTimeoutPolicy & CookiePolicy & RememberPolicy

/** What the level demands (SHALL) and the policy does not keep. */
export function nistConflict({
  aal,
  absoluteTimeout,
}: Held): readonly [key: string, expected: string] | undefined {
  if (aal === 'none') return undefined
  const { shall } = bounds[aal].overall
  const demand = `which NIST SP 800-63B-4 demands at ${aal.toUpperCase()}`
  if (shall !== undefined && (absoluteTimeout === null || absoluteTimeout > shall))
    return ['absoluteTimeout', `at most ${formatDuration(shall)}, ${demand}`]
  return absoluteTimeout === null ? ['absoluteTimeout', `a limit, ${demand}`] : undefined
}

/** What the level advises (SHOULD) and the policy does not keep; one sentence each. */
export function nistWarnings({ aal, ...policy }: Held): readonly string[] {
  if (aal === 'none') return []
  const { overall, idle } = bounds[aal]
  const level = `NIST SP 800-63B-4 at ${aal.toUpperCase()}`
  const above = (key: 'absoluteTimeout' | 'idleTimeout', { should }: Bounds): readonly string[] => {
    const value = policy[key]
    if (should === undefined || (value !== null && value <= should)) return []
    const shown = value === null ? 'no limit' : formatDuration(value)
    return [`policy.${key} is ${shown}; ${level} advises at most ${formatDuration(should)}`]
  }
  return [
    ...above('absoluteTimeout', overall),
    ...above('idleTimeout', idle),
    ...(policy.cookiePersistent
      ? [`policy.cookiePersistent is true; ${level} advises cookies that go with the browser`]
      : []),
    ...(aal !== 'aal1' && policy.rememberFor !== null
      ? [
          `policy.rememberFor is ${formatDuration(policy.rememberFor)}; a remembered device is let in again at AAL1, below ${level}`,
        ]
      : []),
  ]
}
