import type { EndReason, Session } from '../core/session.ts'
import type { Awaitable, End, Filter } from '../core/store.ts'
import { type Context, tellEnded } from './context.ts'
import { then } from './store-call.ts'

/** Which sessions of the realm: all given members must match. */
export type Which = Omit<Filter, 'realm'>

/** Ends the sessions that match and returns them as ended. Idempotent: the first reason stands. */
export function end(
  context: Context,
  which: Which,
  reason: EndReason,
  by?: string,
): Awaitable<readonly Session[]> {
  const at = context.clock.now()
  return then(
    context.call((store) =>
      store.end({ ...which, realm: context.realm }, { at, reason, ...(by === undefined ? {} : { by }) }),
    ),
    (ended) => {
      tellEnded(context, ended, at)
      return ended
    },
  )
}

/** Ends one session that was found to be over, and returns it as it now stands. */
export function endOne(context: Context, session: Session, how: End): Awaitable<Session> {
  const which = { realm: context.realm, id: session.id }
  return then(
    context.call((store) => store.end(which, how)),
    (ended) => {
      tellEnded(context, ended, context.clock.now())
      return ended[0] ?? session
    },
  )
}
