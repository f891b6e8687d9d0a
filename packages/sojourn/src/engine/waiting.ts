import type { Data, Instant, Json, Session } from '../core/session.ts'
import type { Found } from '../core/store.ts'
import { earlier } from '../core/tree.ts'
import type { Prepared, StartInput } from './prepare.ts'

/** What is known of a login that waits, beside its record. It stands in the session's data until the login is complete. */
export type Waiting = {
  /** The limit has refused it: the person may choose a session to end, and that completes it. Else a step is missing. */
  readonly choose: boolean
  /** Whether the device is to be remembered. */
  readonly remember: boolean
  /** See `StartInput.endsAt`. */
  readonly endsAt: Instant | null
}

const key = 'sojourn:login'

type LastingInput = Pick<StartInput, 'remember'> & { readonly endsAt?: Instant | null }

/** What a login that is begun with this would wait with. */
export function waitingOf({ remember = false, endsAt = null }: LastingInput): Waiting {
  return { choose: false, remember, endsAt }
}

/**
 * A login that waits, as a record: its subject may be known, but it is activated for nobody. It is over `pendingTimeout`
 * after its beginning, and nothing of it can be restored.
 */
export function waiting({ entry, policy, ...prepared }: Prepared, how: Waiting): Prepared {
  const { session, secretHash, data } = entry
  const until = session.createdAt + policy.pendingTimeout
  return {
    ...prepared,
    policy,
    refresh: null,
    entry: {
      session: Object.freeze({
        ...session,
        activatedAt: null,
        expiresAt: earlier(until, session.expiresAt),
        lag: 0,
        family: null,
        rememberedUntil: null,
      }),
      secretHash,
      data: Object.freeze(Object.assign(copyOf(data), { [key]: how })),
    },
  }
}

/** What a login that waits is waiting with; `undefined`: the session is not a login that waits. */
export function waitingIn({ session, data }: Pick<Found, 'session' | 'data'>): Waiting | undefined {
  if (session.activatedAt !== null || !Object.hasOwn(data, key)) return undefined
  return data[key] as Waiting
}

/** The data that its first steps and its guest have left. */
export function dataOfWaiting(data: Data): Data {
  if (!Object.hasOwn(data, key)) return data
  const rest = copyOf(data)
  Reflect.deleteProperty(rest, key)
  return Object.freeze(rest)
}

/** For the rules a login that waits was properly begun: a session that nobody has initiated is one that nobody began here. */
export function asInitiated(found: Pick<Found, 'session' | 'data'>): Session {
  const { session } = found
  return waitingIn(found) === undefined ? session : { ...session, activatedAt: session.createdAt }
}

function copyOf(data: Data): { [key: string]: Json } {
  return Object.assign(Object.create(null) as { [key: string]: Json }, data)
}
