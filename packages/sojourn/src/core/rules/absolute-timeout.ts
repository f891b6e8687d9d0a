import { type Options, spanOrNull } from '../option.ts'
import type { Millis } from '../session.ts'
import type { Deadline } from './rule.ts'

export interface AbsoluteTimeoutPolicy {
  /** How long a session may live in all, used or not. Valid at the limit, over one millisecond later. `null`: no limit. */
  readonly absoluteTimeout: Millis | null
}

export const absoluteTimeoutOptions = {
  absoluteTimeout: spanOrNull(
    '30d',
    'How long a session may live in all, however much it is used (NIST SP 800-63B-4: 30 days at AAL1).',
  ),
} satisfies Options<AbsoluteTimeoutPolicy>

/**
 * A policy that tightens holds at the next request; one that loosens holds for new sessions. A factor that was verified
 * anew starts the time anew; nothing else does.
 */
export const absoluteTimeout: Deadline<AbsoluteTimeoutPolicy> = {
  name: 'absolute-timeout',
  reason: 'absolute_timeout',
  deadline({ createdAt, authenticatedAt, expiresAt }, policy) {
    // A restored session was authenticated before it was created.
    const from = authenticatedAt === null ? createdAt : Math.max(createdAt, authenticatedAt)
    const now = policy.absoluteTimeout === null ? null : from + policy.absoluteTimeout
    if (now === null || expiresAt === null) return expiresAt ?? now
    return Math.min(now, expiresAt)
  },
}
