import { frozenSession } from '../core/frozen.ts'
import {
  impersonated,
  impersonationMethod,
  type ImpersonationVerdict,
  judgeImpersonation,
} from '../core/impersonation.ts'
import type { Session } from '../core/session.ts'
import type { Context } from './context.ts'
import type { ImpersonationRefusal } from './events.ts'
import { type Prepared, prepare, type StartInput } from './prepare.ts'
import { freshly } from './store-call.ts'
import { create, type Started } from './start.ts'

/** Whom somebody wants to act as. */
export interface ImpersonateInput extends Pick<StartInput, 'app' | 'data' | 'request'> {
  readonly subject: string
  /** All roles of theirs. */
  readonly roles: readonly string[]
  /** Whether the actor may act as the holders of a role. A target is out of reach as soon as one of its roles is. */
  readonly mayActAs: (role: string, actor: Session) => boolean
}

export type Impersonation =
  | { readonly state: 'started'; readonly started: Started }
  | { readonly state: 'refused'; readonly reason: ImpersonationRefusal }

/**
 * Lets the holder of a session act as somebody else, for a while: in a session of its own, which is marked with the actor,
 * stands below the actor's session and ends with it, is never remembered and counts for no limit. The actor's session goes
 * on under its own token; to stop, end the other. That they may act as somebody at all, and have proven a factor lately
 * (`requireFresh`), is for the application to ask. Throws `login_disabled_by_limit` where the target may not log in.
 */
export async function impersonate(
  context: Context,
  id: string,
  { mayActAs, ...input }: ImpersonateInput,
): Promise<Impersonation> {
  const { subject, roles } = input
  const found = await context.call((store) => store.find(id, freshly))
  const actor = found?.watermark === null ? found.session : undefined
  const verdict: ImpersonationVerdict =
    actor === undefined
      ? 'not_authenticated'
      : judgeImpersonation(actor, { subject, roles }, (role) => mayActAs(role, actor), context.clock.now())
  if (actor === undefined || verdict !== 'allowed')
    return refused(context, subject, actor, verdict === 'allowed' ? 'not_authenticated' : verdict)
  const login = { ...input, method: impersonationMethod, parent: id }
  const started = await create(context, {}, async () => asActor(await prepare(context, login), actor, input))
  const { session } = started
  context.tell({ type: 'impersonation.started', at: session.createdAt, session })
  return { state: 'started', started }
}

/** Without a limit: nobody's own session makes room for it. */
function asActor(
  { entry, policy, token }: Prepared,
  actor: Session,
  target: Pick<ImpersonateInput, 'subject' | 'roles'>,
): Prepared {
  const { session } = entry
  const marks = impersonated(actor, target, session.expiresAt, policy, session.createdAt)
  return {
    policy,
    token,
    refresh: null,
    entry: { ...entry, session: frozenSession({ ...session, ...marks }) },
  }
}

function refused(
  { tell, clock }: Context,
  subject: string,
  actor: Session | undefined,
  reason: ImpersonationRefusal,
): Impersonation {
  tell({ type: 'impersonation.refused', at: clock.now(), subject, actor: actor?.subject ?? null, reason })
  return { state: 'refused', reason }
}
