import { explainLimit as explain, type LimitExplanation } from '../core/explain-limit.ts'
import type { Context } from './context.ts'
import { policyAt, type StartInput } from './prepare.ts'

/** How somebody would log in, where a policy makes a difference of it. */
export type LimitInput = Pick<StartInput, 'app' | 'roles' | 'method'> & { readonly subject: string }

/** How many sessions somebody may have, whose word that is, and what it prevails over. */
export async function explainLimit(context: Context, input: LimitInput): Promise<LimitExplanation> {
  return explain(await policyAt(context, input))
}
