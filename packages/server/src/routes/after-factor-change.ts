import { frameOf, pageAnswer, seeOther } from '../answer.ts'
import type { FactorAdded } from '../factors/change-factors.ts'
import { recoveryCodes } from '../pages/recovery-codes.ts'
import type { Asked } from '../parts.ts'

/** Shows new recovery codes, this once; else leads to where the change is told. */
export function afterAdding(asked: Asked, { codes, isSignedIn }: FactorAdded, done: string): Response {
  if (codes.length > 0)
    return pageAnswer(asked, recoveryCodes({ ...(isSignedIn ? frameOf(asked) : {}), codes }))
  return afterChange(asked, isSignedIn, done)
}

/** To where the change is told: to the sign-in where this session had to end too. */
export function afterChange(asked: Asked, isSignedIn: boolean, done: string): Response {
  return seeOther(asked, isSignedIn ? `/account/security?done=${done}` : '/login?reason=credential_changed')
}
