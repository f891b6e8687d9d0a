import { expandPolicy, layersOf, type PolicyInput } from '../../src/core/layers.ts'
import { type Policy, resolvePolicy } from '../../src/core/policy.ts'

/** The policy that an install with this layer gives to everybody. */
export function policyOf(input: PolicyInput): Policy {
  const nobody = { app: null, roles: [], method: null }
  return resolvePolicy(layersOf(expandPolicy(input, 'policy'), nobody, undefined)).policy
}
