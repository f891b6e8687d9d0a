import { type Options, span } from './option.ts'
import { counts, type Instant, isLive, type Millis, type Session } from './session.ts'
import type { Limit } from './store.ts'

export interface PendingPolicy {
  /** How long a login may wait for its next step, counted from its beginning. */
  readonly pendingTimeout: Millis
}

export const pendingOptions = {
  pendingTimeout: span(
    '10m',
    'How long a login may wait for its next step, such as the choice of a session to end.',
  ),
} satisfies Options<PendingPolicy>

/** What somebody at the limit is asked: to end so many of these. */
export interface Choice {
  readonly toEnd: number
  /** The sessions that the limit counted, longest unseen first. */
  readonly sessions: readonly Session[]
}

/** The question for a login that the limit has refused. `live`: what the store counted, in order of eviction. */
export function choiceOf({ most }: Pick<Limit, 'most'>, live: readonly Session[]): Choice {
  return { toEnd: Math.max(0, live.length - most + 1), sessions: live }
}

/**
 * Whether a session is a login that waits for a choice: its subject is known and nothing else about it is settled. It may
 * see what there is to end, end that, and go on or give up; it reads no data and answers as nobody for all else.
 */
export function awaitsChoice(session: Session, now: Instant): boolean {
  return session.subject !== null && session.activatedAt === null && isLive(session, now)
}

/**
 * Whether a waiting login may end a session: only a counted one of its own subject and realm. Whatever else is named is
 * `not_found`, also where it is there: an id of somebody else's must not be told from one that does not exist.
 */
export function judgeChoice(
  pending: Session,
  chosen: Session | undefined,
  now: Instant,
): 'end' | 'not_waiting' | 'not_found' {
  if (!awaitsChoice(pending, now)) return 'not_waiting'
  if (chosen === undefined || chosen.realm !== pending.realm || chosen.subject !== pending.subject)
    return 'not_found'
  return counts(chosen, now) ? 'end' : 'not_found'
}
