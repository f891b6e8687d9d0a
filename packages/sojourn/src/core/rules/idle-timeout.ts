import type { Duration } from '../duration.ts'
import { formatDuration, minute } from '../duration.ts'
import { type Option, type Options, readSpan, span, spanOrNull } from '../option.ts'
import type { Millis, Session } from '../session.ts'
import type { Deadline } from './rule.ts'

export interface IdleTimeoutPolicy {
  /** How long a session may go unused. Valid at the limit, over one millisecond later. `null`: no limit. */
  readonly idleTimeout: Millis | null
  /** The same for a guest; never longer than for a subject. */
  readonly guestIdleTimeout: Millis
  /** The ceiling that `idleTimeout` may not pass, or `null`. */
  readonly idleTimeoutMax: Millis | null
  /** How far the stored `lastSeenAt` may lag behind the truth, to spare writes. Expiry is late by as much at worst, never early. */
  readonly touchEvery: Millis | 'auto'
}

const touchEvery: Option<Millis | 'auto', Duration | 'auto'> = {
  fallback: 'auto',
  says: "How often at most a session's last activity is written; 'auto' is a hundredth of the idle timeout, at most a minute, and never where there is no idle timeout.",
  combine: 'nearest',
  read: (written, path) =>
    written === 'auto' ? written : readSpan(written, path, "a duration such as '30s', or 'auto'"),
  show: (value) => (value === 'auto' ? value : formatDuration(value)),
}

export const idleTimeoutOptions = {
  idleTimeout: spanOrNull('2h', 'How long a session may go unused.'),
  guestIdleTimeout: span('30m', 'How long a guest session may go unused.'),
  idleTimeoutMax: spanOrNull(null, 'The ceiling that no idle timeout may pass.'),
  touchEvery,
} satisfies Options<IdleTimeoutPolicy>

/** What may not stand together; the sentence says what was expected. */
export function idleTimeoutConflict(
  policy: IdleTimeoutPolicy,
): readonly [key: string, expected: string] | undefined {
  const { idleTimeout, idleTimeoutMax } = policy
  if (idleTimeoutMax !== null && (idleTimeout === null || idleTimeout > idleTimeoutMax))
    return ['idleTimeout', `at most idleTimeoutMax, ${formatDuration(idleTimeoutMax)}`]
  const every = touchEveryOf(policy)
  if (idleTimeout !== null && every !== null && every * 2 > idleTimeout)
    return ['touchEvery', `at most half of idleTimeout, ${formatDuration(idleTimeout)}`]
  return undefined
}

/** How often a touch is written under a policy; `null`: never, since nothing depends on it. */
export function touchEveryOf({ touchEvery, idleTimeout }: IdleTimeoutPolicy): Millis | null {
  if (touchEvery !== 'auto') return touchEvery
  return idleTimeout === null ? null : Math.min(minute, Math.floor(idleTimeout / 100))
}

/** The idle timeout that a policy gives a new session. */
export function idleTimeoutFor(subject: string | null, policy: IdleTimeoutPolicy): Millis | null {
  const { idleTimeout, guestIdleTimeout } = policy
  if (subject !== null) return idleTimeout
  return idleTimeout === null ? guestIdleTimeout : Math.min(idleTimeout, guestIdleTimeout)
}

/** A policy that tightens holds at the next request; one that loosens holds for new sessions. */
export const idleTimeout: Deadline<IdleTimeoutPolicy> = {
  name: 'idle-timeout',
  reason: 'idle_timeout',
  deadline(session: Session, policy) {
    const now = idleTimeoutFor(session.subject, policy)
    const then = session.idleTimeout
    const allowed = now === null ? then : then === null ? now : Math.min(now, then)
    return allowed === null ? null : session.lastSeenAt + session.lag + allowed
  },
}
