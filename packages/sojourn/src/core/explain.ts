import { decide, type Facts, lastSeenAtMost, type Verdict } from './decide.ts'
import { checks, deadlines, type RulesPolicy } from './rules/index.ts'
import type { Finding } from './rules/rule.ts'
import type { EndReason, Instant } from './session.ts'

/** What each rule said about a session, in the order of the rules. */
export interface Explanation {
  readonly verdict: Verdict
  readonly trace: readonly (
    | { readonly rule: string; readonly finding: Finding | null }
    | { readonly rule: string; readonly reason: EndReason; readonly deadline: Instant | null }
  )[]
}

/** The same judgement as `decide`, by the same rules, with what each of them said. Answers "why was I signed out?". */
export function explain(facts: Facts, policy: RulesPolicy, now: Instant): Explanation {
  return {
    verdict: decide(facts, policy, now),
    trace: [
      ...checks.map(({ name, check }) => ({ rule: name, finding: check(facts, policy, now) })),
      ...deadlines.map(({ name, reason, deadline }) => ({
        rule: name,
        reason,
        deadline: deadline(facts.session, policy, lastSeenAtMost(facts)),
      })),
    ],
  }
}
