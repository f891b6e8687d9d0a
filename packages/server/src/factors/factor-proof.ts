import type { AssuranceLevel } from 'sojourn'

/** What a step of a sign-in has shown: RFC 8176 references, and the level of NIST SP 800-63B-4 that all steps amount to. */
export interface FactorProof {
  readonly amr: readonly string[]
  readonly assurance: AssuranceLevel
}

/** The references of second factors: one of them was shown in a sign-in that took a second step. */
export const secondFactorAmr = ['otp', 'hwk', 'swk'] as const

/**
 * A code of an app, or a recovery code, beside what `first` has shown. Two factors together are the second level where the
 * other is a password: a link in a letter is none that counts (NIST SP 800-63B-4 3.1.3.1).
 */
export function proofByCode(first: readonly string[]): FactorProof {
  const assurance = levelWith(first, false)
  return { amr: assurance === 2 ? ['otp', 'mfa'] : ['otp'], assurance }
}

/**
 * A passkey: the key that it proves is one that stays in its hardware, or one that its maker may copy to other devices; its
 * person was there, and showed who they are where `isVerified`, which is two factors at once.
 */
export function proofByPasskey(
  first: readonly string[],
  { isSynced, isVerified }: { readonly isSynced: boolean; readonly isVerified: boolean },
): FactorProof {
  const assurance = levelWith(first, isVerified)
  const key = isSynced ? 'swk' : 'hwk'
  return { amr: assurance === 2 ? [key, 'user', 'mfa'] : [key, 'user'], assurance }
}

function levelWith(first: readonly string[], isVerified: boolean): 1 | 2 {
  return isVerified || first.includes('pwd') || first.includes('mfa') ? 2 : 1
}
