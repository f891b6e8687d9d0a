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
    written === 'auto' ? written : readSpan(written, path, "a duration such as '30s', or 'auto'", 'zero'),
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
  const { idleTimeout, guestIdleTimeout, idleTimeoutMax, touchEvery } = policy
  if (idleTimeoutMax !== null && (idleTimeout === null || idleTimeout > idleTimeoutMax))
    return ['idleTimeout', `at most idleTimeoutMax, ${formatDuration(idleTimeoutMax)}`]
  const [key, shortest] =
    idleTimeout === null || guestIdleTimeout < idleTimeout
      ? ['guestIdleTimeout', guestIdleTimeout]
      : ['idleTimeout', idleTimeout]
  if (touchEvery !== 'auto' && touchEvery * 2 > shortest)
    return ['touchEvery', `at most half of ${key}, ${formatDuration(shortest)}`]
  return undefined
}

/** How often a session's touches are written; `null`: never, since nothing depends on them. */
export function touchEveryOf(
  session: Pick<Session, 'subject' | 'idleTimeout'>,
  policy: IdleTimeoutPolicy,
): Millis | null {
  if (policy.touchEvery !== 'auto') return policy.touchEvery
  const allowed = allowedOf(session, policy)
  return allowed === null ? null : Math.min(minute, Math.floor(allowed / 100))
}

/** The idle timeout that a policy gives a new session. */
export function idleTimeoutFor(subject: string | null, policy: IdleTimeoutPolicy): Millis | null {
  const { idleTimeout, guestIdleTimeout } = policy
  if (subject !== null) return idleTimeout
  return idleTimeout === null ? guestIdleTimeout : Math.min(idleTimeout, guestIdleTimeout)
}

/** A policy that tightens holds at the next request; one that loosens holds for new sessions. */
function allowedOf(
  { subject, idleTimeout }: Pick<Session, 'subject' | 'idleTimeout'>,
  policy: IdleTimeoutPolicy,
): Millis | null {
  const now = idleTimeoutFor(subject, policy)
  if (now === null || idleTimeout === null) return now ?? idleTimeout
  return Math.min(now, idleTimeout)
}

export const idleTimeout: Deadline<IdleTimeoutPolicy> = {
  name: 'idle-timeout',
  reason: 'idle_timeout',
  deadline(session, policy, seenAt) {
    const allowed = allowedOf(session, policy)
    return allowed === null ? null : seenAt + allowed
  },
}
