import { checks, deadlines, type RulesPolicy } from './rules/index.ts'
import { touchEveryOf } from './rules/idle-timeout.ts'
import { regenerationDue } from './rules/regeneration.ts'
import { expiryOf } from './expiry.ts'
import type { Facts } from './rules/rule.ts'
import type { EndReason, Instant, Session } from './session.ts'

export type { Facts } from './rules/rule.ts'

/** What is to be done with a session that a request presented. */
export type Verdict =
  | {
      /** `touch`: its activity is due to be written. `regenerate`: its token is due to be replaced, and it is touched. */
      readonly next: 'accept' | 'touch' | 'regenerate'
      /** Whether the request counts as activity. */
      readonly active: boolean
      /** The last moment at which it is valid if no further request comes; `null`: none is set. */
      readonly expiresAt: Instant | null
      /** What a check found short of an end, and which end it stands for. */
      readonly caution: { readonly action: 'log' | 'step-up'; readonly reason: EndReason } | null
    }
  | {
      readonly next: 'end'
      readonly reason: EndReason
      /** Since when it is over: the deadline, not the moment at which somebody looked. */
      readonly endedAt: Instant
    }

/** Judges one session for one request. The facts are taken as they are given; `now` is the only clock. */
export function decide(facts: Facts, policy: RulesPolicy, now: Instant): Verdict {
  const { session, request } = facts
  if (session.endedAt !== null)
    return { next: 'end', reason: session.endReason ?? 'maintenance', endedAt: session.endedAt }

  let endedAt: Instant | null = null
  let reason: EndReason = 'maintenance'
  let caution: (Verdict & { next: 'accept' })['caution'] = null
  for (const rule of checks) {
    const finding = rule.check(facts, policy, now)
    if (finding === null) continue
    if (finding.action !== 'end') caution ??= finding
    else if (endedAt === null || finding.at < endedAt) {
      endedAt = finding.at
      reason = finding.reason
    }
  }

  const seenAt = lastSeenAtMost(facts)
  for (const rule of deadlines) {
    const at = rule.deadline(session, policy, seenAt)
    if (at === null || now <= at || (endedAt !== null && at >= endedAt)) continue
    endedAt = at
    reason = rule.reason
  }
  if (endedAt !== null) return { next: 'end', reason, endedAt }

  const active = !request.passive
  const expiresAt = expiryOf(
    session,
    policy,
    active ? Math.max(now, session.lastSeenAt) : lastSeenAsKnown(facts),
  )
  return { next: active ? upkeep(session, policy, now) : 'accept', active, expiresAt, caution }
}

/** What a session is judged by: the latest moment at which it can have been in use. Expiry is never early. */
export function lastSeenAtMost({ session, seenAt }: Facts): Instant {
  const recorded = session.lastSeenAt + session.lag
  return seenAt !== undefined && seenAt > recorded ? seenAt : recorded
}

/** What a person is told: exact where this process has seen the session, else as it will be judged. */
function lastSeenAsKnown({ session, seenAt }: Facts): Instant {
  return seenAt === undefined ? session.lastSeenAt + session.lag : Math.max(seenAt, session.lastSeenAt)
}

/** A touch is due after `touchEvery`, and at once where the record's lag does not cover this request. */
function upkeep(session: Session, policy: RulesPolicy, now: Instant): 'accept' | 'touch' | 'regenerate' {
  if (regenerationDue(session, policy, now)) return 'regenerate'
  const every = touchEveryOf(session, policy)
  if (every === null) return 'accept'
  return now - session.lastSeenAt >= every || now > session.lastSeenAt + session.lag ? 'touch' : 'accept'
}
