import type { Millis } from 'sojourn'
import type { Parts } from '../parts.ts'

/**
 * For how long the device of a sign-in by this method is remembered; `null`: it is not. Before the sign-in nobody knows whose
 * it is: the policy of a role may be stricter, and then the engine remembers for less, or not at all.
 */
export function rememberFor({ sessions }: Parts, method = 'password'): Millis | null {
  const { rememberFor, rememberMax } = sessions.policyFor({ method }).policy
  return rememberFor === null ? null : Math.min(rememberFor, rememberMax)
}
