import type { Started } from '../engine/start.ts'
import type { Verification } from '../engine/verify.ts'

type Ended = Extract<Verification, { readonly state: 'ended' }>

/** What a request has of a session, as it was found when the request began. */
export type Opened =
  | Verification
  | { readonly state: 'restored'; readonly started: Started }
  /** It has timed out, and the device is remembered: a request of a person will restore it. */
  | (Ended & { readonly restorable: true })
  /**
   * `unavailable`: the store is down, and the request is served as a guest's. `ignored`: nobody's visit, by a rule of the
   * application; nothing was looked up.
   */
  | { readonly state: 'none'; readonly cause: 'unavailable' | 'ignored' }

/** The same later in the request: what took its place. */
export type Current = Exclude<Opened, { readonly state: 'restored' }>

export const nobody: Current = { state: 'none', cause: 'absent' }

/** What a request has once a session has begun, or a login that is not complete. */
export function begun({ session, policy, data, choice }: Started): Current {
  if (session.activatedAt !== null)
    return { state: 'active', session, data, policy, expiresAt: null, token: null, caution: null }
  const waitsFor = choice === null ? 'step' : 'choice'
  return { state: 'pending', session, waitsFor, expiresAt: session.expiresAt, token: null }
}
