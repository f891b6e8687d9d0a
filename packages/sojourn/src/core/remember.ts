import { type Duration, formatDuration } from './duration.ts'
import { type Option, type Options, span, spanOrNull } from './option.ts'
import type { EndReason, Instant, Millis } from './session.ts'

export interface RememberPolicy {
  /** How long a device is remembered after its last login or restoration; `null`: nobody is remembered. */
  readonly rememberFor: Millis | null
  /** How long a device is remembered in all, however often it restores; counted from the login. */
  readonly rememberMax: Millis
  /** How long a spent refresh token is answered with its successor, counted from its first use; it never slides. */
  readonly rememberGrace: Millis
}

/** Unlike a timeout, where `null` allows the most, here it allows nothing: a layer that forbids it is not overruled by one that allows it. */
const rememberFor: Option<Millis | null, Duration | null> = {
  ...spanOrNull('30d', 'How long a device is remembered after its last login or restoration; null: never.'),
  tighter: (a, b) => (a === null || b === null ? null : Math.min(a, b)),
  show: (value) => (value === null ? 'never' : formatDuration(value)),
}

export const rememberOptions = {
  rememberFor,
  rememberMax: span('180d', 'How long a device is remembered in all, however often it restores.'),
  rememberGrace: span(
    '20s',
    'How long a spent refresh token is answered with the successor that it was given.',
    'zero',
  ),
} satisfies Options<RememberPolicy>

/** Login methods that prove who somebody is for this visit alone; they are never remembered. */
export const ephemeralMethods = ['ip', 'referer', 'lti', 'saml'] as const
export type EphemeralMethod = (typeof ephemeralMethods)[number]

export function isEphemeral(method: string): method is EphemeralMethod {
  return (ephemeralMethods as readonly string[]).includes(method)
}

/** The refresh token of one session, as a store keeps it. Every session has its own; the sessions of a device form a family. */
export interface Refresh {
  /** The keyed hash of its secret. */
  readonly hash: string
  /** Valid at this instant, over one millisecond later. */
  readonly expiresAt: Instant
  /** Its first use; `null`: it can still be spent. */
  readonly usedAt: Instant | null
  /** The session that it was spent for. */
  readonly successor: string | null
}

/** What is known of the session that a token was spent for; a purged one counts as used and confirmed. */
export interface Successor {
  /** Whether its own refresh token has been spent. */
  readonly used: boolean
  /** Whether somebody has presented one of its tokens, so that the answer that carried them did arrive. */
  readonly confirmed: boolean
}

/**
 * What a presented refresh token means:
 * `spent`, its first use; `grace`, a request of the same moment, which gets the same successor; `lost_response`, a client
 * whose answer never arrived, which gets it too; `late`, one of the same moment that is two generations behind and is told
 * to try again with what it has by now; `reused`, a copy, for which the family ends; `expired`.
 */
export type RefreshMeaning = 'spent' | 'grace' | 'lost_response' | 'late' | 'reused' | 'expired'

export function judgeRefresh(
  refresh: Refresh,
  successor: Successor,
  grace: Millis,
  at: Instant,
): RefreshMeaning {
  if (at > refresh.expiresAt) return 'expired'
  if (refresh.usedAt === null) return 'spent'
  if (at <= refresh.usedAt + grace) return successor.used ? 'late' : 'grace'
  return successor.used || successor.confirmed ? 'reused' : 'lost_response'
}

/** Whether a session that ended for this reason may be restored: only one that timed out unused. `null`: it has not ended. */
export function mayRestore(reason: EndReason | null): boolean {
  return reason === null || reason === 'idle_timeout'
}
