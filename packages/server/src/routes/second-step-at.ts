import { withReturnTo } from '../pages/field.ts'

/** Where a sign-in that waits for its second step goes on. */
export const secondStepPath = '/login/second'

export function secondStepAt(back: string | undefined): string {
  return withReturnTo(secondStepPath, back)
}
