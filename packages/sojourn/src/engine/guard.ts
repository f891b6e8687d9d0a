import type { Session } from '../core/session.ts'
import type { Context } from './context.ts'
import { sessionGone } from './data.ts'
import { findActive } from './find.ts'

/**
 * Asks once more whether a session is live, for a long request that is about to do what must not be done after a
 * revocation: transfer the money, send the message. Returns the session as it is now, throws `session_gone` where it ended
 * since the request began. Writes of session data need no guard: the store refuses them.
 */
export async function guard(context: Context, id: string): Promise<Session> {
  const live = await findActive(context, id)
  if (live === undefined) throw sessionGone(id)
  return live.found.session
}
