import { hash } from 'node:crypto'
import type { PolicyInput } from 'sojourn'

/** The same for policies that say the same in the same words, another for any other. */
export function policyDigest(policy: PolicyInput): string {
  return hash('sha256', JSON.stringify(policy), 'base64url')
}
