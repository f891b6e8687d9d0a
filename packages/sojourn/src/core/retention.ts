import { day, formatDuration } from './duration.ts'
import { flag, type Options, span } from './option.ts'
import type { Instant, Millis, Session } from './session.ts'

export interface RetentionPolicy {
  /** How long an ended session is kept, so that somebody can still be told why it ended. */
  readonly retention: Millis
  /** How long an ended session keeps what tells of a person: address, browser, fingerprint, data. */
  readonly minimiseAfter: Millis
  /** Whether a touch of a live session also sweeps its subject's others, as Rodauth's check does. */
  readonly sweepOnTouch: boolean
}

const week = 7 * day

export const retentionOptions = {
  retention: span('30d', 'How long an ended session is kept before it is purged.', 'zero'),
  minimiseAfter: span(
    week,
    'How long an ended session keeps its address, browser, fingerprint and data; at most the retention.',
    'zero',
  ),
  sweepOnTouch: flag(
    false,
    "Whether the activity of one session also ends its subject's expired ones, before the next sweep does.",
  ),
} satisfies Options<RetentionPolicy>

/** What is purged cannot be minimised later. The default gives way to a shorter retention; another value is refused. */
export function retentionConflict({
  retention,
  minimiseAfter,
}: RetentionPolicy): readonly [key: string, expected: string] | undefined {
  if (minimiseAfter <= retention || minimiseAfter === week) return undefined
  return ['minimiseAfter', `at most the retention, ${formatDuration(retention)}`]
}

/** Sessions that ended before this moment are purged. */
export function purgeBefore({ retention }: RetentionPolicy, now: Instant): Instant {
  return now - retention
}

/** Sessions that ended before this moment are minimised. */
export function minimiseBefore({ retention, minimiseAfter }: RetentionPolicy, now: Instant): Instant {
  return now - Math.min(retention, minimiseAfter)
}

/** An ended session without what tells of a person: who ended when, and why, stays. Its data goes as well. */
export function minimised(session: Session): Session {
  return Object.freeze({ ...session, ip: null, userAgent: null, fingerprint: null })
}
