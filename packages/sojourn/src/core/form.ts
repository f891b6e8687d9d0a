import { formatDuration } from './duration.ts'
import { type Options, spanOrNull } from './option.ts'
import type { IdleTimeoutPolicy } from './rules/idle-timeout.ts'
import type { Millis } from './session.ts'

export interface FormPolicy {
  /** How long one page of a started form may take; `null`: as long as the session lives. */
  readonly formTimeout: Millis | null
}

export const formOptions = {
  formTimeout: spanOrNull(null, 'How long one page of a started form may take; less than the idle timeout.'),
} satisfies Options<FormPolicy>

/** A form that may take longer than its session would lose the answers with the wrong message. */
export function formConflict(
  policy: FormPolicy & IdleTimeoutPolicy,
): readonly [key: string, expected: string] | undefined {
  const session = policy.idleTimeoutMax ?? policy.idleTimeout
  if (policy.formTimeout === null || session === null || policy.formTimeout < session) return undefined
  return ['formTimeout', `less than the session's idle time of ${formatDuration(session)}`]
}
