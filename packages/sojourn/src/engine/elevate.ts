import { elevate as elevation, type Proof } from '../core/elevate.ts'
import { SessionError } from '../core/errors.ts'
import type { Policy } from '../core/policy.ts'
import type { AssuranceLevel, Session } from '../core/session.ts'
import type { Context } from './context.ts'
import { policyAt } from './prepare.ts'
import { renew, type Renewed } from './renew.ts'

/**
 * Notes that factors of the subject have just been verified: the one way in which the assurance of a session rises, and in
 * which its absolute timeout starts anew. The token is replaced, and the old one is dead at once. `undefined`: the session
 * is not live, or a guest's. Throws `acting_as_another` for a session in which somebody acts as the subject.
 */
export async function elevate(context: Context, id: string, proof: Proof): Promise<Renewed | undefined> {
  let from: AssuranceLevel = 0
  const renewed = await renew(context, id, async (session) => {
    const { subject, app, roles, method, assurance, expiresAt } = session
    if (subject === null) return 'refused'
    refuseActing(session)
    from = assurance
    const login = { subject, roles, ...(app === null ? {} : { app }), ...(method === null ? {} : { method }) }
    const { policy } = await policyAt(context, login)
    const elevated = elevation(session, proof, policy, context.clock.now())
    return isBound(session, policy) ? { ...elevated, expiresAt } : elevated
  })
  if (renewed === undefined) return undefined
  const { session } = renewed
  context.tell({ type: 'session.elevated', at: session.regeneratedAt, session, from })
  return renewed
}

/** Refuses what only the subject may do, and nobody who acts as them. */
export function refuseActing({ actor }: Session): void {
  if (actor === null) return
  throw new SessionError(
    'acting_as_another',
    'somebody acts as this subject; what proves or changes who they are is for them alone',
  )
}

/** Whether the session is to end before its policy would end it: what bounds it is not moved by a factor proven here. */
function isBound({ createdAt, authenticatedAt, expiresAt }: Session, { absoluteTimeout }: Policy): boolean {
  if (expiresAt === null) return false
  const from = Math.max(createdAt, authenticatedAt ?? createdAt)
  return absoluteTimeout === null || expiresAt < from + absoluteTimeout
}
