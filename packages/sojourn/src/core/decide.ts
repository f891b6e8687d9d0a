import { checks, deadlines, type RulesPolicy } from './rules/index.ts'
import { touchEveryOf } from './rules/idle-timeout.ts'
import { regenerationDue } from './rules/regeneration.ts'
import type { Facts } from './rules/rule.ts'
import type { EndReason, Instant } from './session.ts'

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
  const { session } = facts
  if (session.endedAt !== null && session.endReason !== null)
    return { next: 'end', reason: session.endReason, endedAt: session.endedAt }

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

  let expiresAt: Instant | null = null
  for (const rule of deadlines) {
    const at = rule.deadline(session, policy)
    if (at === null || (expiresAt !== null && at >= expiresAt)) continue
    expiresAt = at
    if (now <= at || (endedAt !== null && at >= endedAt)) continue
    endedAt = at
    reason = rule.reason
  }
  if (endedAt !== null) return { next: 'end', reason, endedAt }

  return { next: upkeep(facts, policy, now), active: !facts.request.passive, expiresAt, caution }
}

/** Passive requests extend nothing, so they write nothing. */
function upkeep(
  { session, request }: Facts,
  policy: RulesPolicy,
  now: Instant,
): 'accept' | 'touch' | 'regenerate' {
  if (request.passive) return 'accept'
  if (regenerationDue(session, policy, now)) return 'regenerate'
  const every = touchEveryOf(policy)
  return every !== null && now - session.lastSeenAt >= every ? 'touch' : 'accept'
}
