import { deadlines, type RulesPolicy } from './rules/index.ts'
import type { Instant, Session } from './session.ts'

/**
 * The earliest deadline of a session that was last seen at `seenAt`, under a policy: valid at this instant, over one
 * millisecond later; `null`: none.
 */
export function expiryOf(session: Session, policy: RulesPolicy, seenAt: Instant): Instant | null {
  let earliest: Instant | null = null
  for (const rule of deadlines) {
    const at = rule.deadline(session, policy, seenAt)
    if (at !== null && (earliest === null || at < earliest)) earliest = at
  }
  return earliest
}
