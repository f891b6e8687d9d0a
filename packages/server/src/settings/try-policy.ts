import { createSessions, type PolicyInput, SessionError, type Store } from 'sojourn'
import type { Config } from '../config.ts'
import { faultOf, type PolicyFault } from './check-policy.ts'

/** Says why sessions could not be kept by a policy in this store, or `undefined`. Nothing is read or written for it. */
export function policyTrial(
  store: Store,
  { secret }: Pick<Config, 'secret'>,
): (policy: PolicyInput) => PolicyFault | undefined {
  return (policy) => {
    try {
      createSessions({ store, policy, secret, sweepEvery: null, onWarning: () => {} })
      return undefined
    } catch (error) {
      if (error instanceof SessionError) return faultOf(error.message)
      throw error
    }
  }
}
