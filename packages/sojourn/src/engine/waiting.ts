import type { Data, Instant, Json, Session } from '../core/session.ts'
import type { Found } from '../core/store.ts'

/** What is known of a login that waits, beside its record. It stands in the session's data until the login is complete. */
export type Waiting = {
  /** The limit has refused it: the person may choose a session to end, and that completes it. Else a step is missing. */
  readonly choose: boolean
  /** Whether the device is to be remembered. */
  readonly remember: boolean
  /** See `StartInput.endsAt`. */
  readonly endsAt: Instant | null
}

/** Under which key of its data. */
export const waitingKey = 'sojourn:login'

/** What a login that waits is waiting with; `undefined`: the session is not a login that waits. */
export function waitingIn({ session, data }: Pick<Found, 'session' | 'data'>): Waiting | undefined {
  if (session.activatedAt !== null || !Object.hasOwn(data, waitingKey)) return undefined
  return data[waitingKey] as Waiting
}

/** The data that its first steps and its guest have left. */
export function dataOfWaiting(data: Data): Data {
  if (!Object.hasOwn(data, waitingKey)) return data
  const rest = Object.assign(Object.create(null) as { [key: string]: Json }, data)
  Reflect.deleteProperty(rest, waitingKey)
  return Object.freeze(rest)
}

/** For the rules a login that waits was properly begun: a session that nobody has initiated is one that nobody began here. */
export function asInitiated(found: Pick<Found, 'session' | 'data'>): Session {
  const { session } = found
  return waitingIn(found) === undefined ? session : { ...session, activatedAt: session.createdAt }
}
