import { SessionError } from '../core/errors.ts'
import { overBy } from '../core/over.ts'
import type { EndReason, Instant, Session } from '../core/session.ts'
import type { Found } from '../core/store.ts'
import type { Context } from './context.ts'
import { endOne } from './end.ts'
import { freshly } from './store-call.ts'

/**
 * The session that another is to stand below, in any realm. Throws `session_gone` where it is not live: nothing outlives
 * what it stands on.
 */
export async function parentOf({ call, clock }: Context, id: string): Promise<Session> {
  const found = await call((store) => store.find(id, freshly))
  if (found === undefined || overOf(found, clock.now()) !== null) throw gone(id)
  return found.session
}

/**
 * Ends a session that was begun below one that has ended since it was looked at, and throws `session_gone`. From now on the
 * end of the one takes the other with it, in the store.
 */
export async function endWithParent(context: Context, session: Session, parent: string): Promise<void> {
  const at = context.clock.now()
  const found = await context.call((store) => store.find(parent, freshly))
  const reason = found === undefined ? 'maintenance' : overOf(found, at)
  if (reason === null) return
  await endOne(context, session, { at, reason })
  throw gone(parent)
}

/** Why a session is over by its own record; `null`: it is live. */
function overOf({ session, watermark }: Found, at: Instant): EndReason | null {
  return session.endReason ?? overBy(session, watermark, at)?.reason ?? null
}

function gone(id: string): SessionError {
  return new SessionError(
    'session_gone',
    `the session above, ${id}, has ended or never was; nothing stands on it`,
  )
}
