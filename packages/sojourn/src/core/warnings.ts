import { formWarning } from './form.ts'
import { nistWarnings } from './nist.ts'
import type { Policy } from './policy.ts'

/** What does work, but is probably not meant or not advised: one sentence each, for whoever runs this, at construction. */
export function policyWarnings(policy: Policy): readonly string[] {
  const form = formWarning(policy)
  return [...(form === undefined ? [] : [form]), ...nistWarnings(policy)]
}
