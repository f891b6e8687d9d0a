import { invalidOption } from '../core/errors.ts'
import type { EndReason, Instant, Session } from '../core/session.ts'
import type { Awaitable, End, Filter } from '../core/store.ts'
import { type Context, tellEnded } from './context.ts'
import { freshly, whenAnswered } from './store-call.ts'

/** Which sessions of the realm: all given members must match. */
export type Which = Omit<Filter, 'realm'>

/**
 * Refuses a key that stands there without a value: whoever wrote `{ subject: user.id }` did not mean everybody, where the
 * user has none.
 */
export function refuseUndefined(which: object, path: string): void {
  for (const [key, value] of Object.entries(which))
    if (value === undefined)
      throw invalidOption(`${path}.${key}`, 'a value, or the key left out to match all', value)
}

/** Ends the sessions that match and returns them as ended. Idempotent: the first reason stands. */
export function end(
  context: Context,
  which: Which,
  reason: EndReason,
  by?: string,
): Awaitable<readonly Session[]> {
  refuseUndefined(which, 'end')
  const at = context.clock.now()
  return whenAnswered(
    context.call((store) =>
      store.end({ ...which, realm: context.realm }, { at, reason, ...(by === undefined ? {} : { by }) }),
    ),
    (ended) => {
      tellEnded(context, ended, at)
      return ended
    },
  )
}

/**
 * Ends one session that was found to be over, and returns it as it now stands: where somebody else was first, as they ended
 * it; where it was used after `unseenSince`, live.
 */
export function endOne(
  context: Context,
  session: Session,
  how: End,
  unseenSince?: Instant,
): Awaitable<Session> {
  const which = {
    realm: context.realm,
    id: session.id,
    ...(unseenSince === undefined ? {} : { unseenSince }),
  }
  return whenAnswered(
    context.call((store) => store.end(which, how)),
    (ended) => {
      tellEnded(context, ended, context.clock.now())
      const [first] = ended
      if (first !== undefined) return first
      return whenAnswered(
        context.call((store) => store.find(session.id, freshly)),
        (found) => found?.session ?? session,
      )
    },
  )
}
