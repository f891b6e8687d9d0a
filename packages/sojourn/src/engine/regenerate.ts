import type { Policy } from '../core/policy.ts'
import type { Awaitable, Found } from '../core/store.ts'
import { touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { Context } from './context.ts'
import { hashSecret, isHashOf, pepperBehind, successorOf } from './pepper.ts'
import { whenAnswered } from './store-call.ts'
import { type Token, tokenFrom } from './token.ts'

/**
 * Gives a session a new token: the idempotent successor of the presented one. Returns `null` where another request was
 * first (the presented token is in its grace period then, and is answered with the successor), `gone` where the session
 * ended meanwhile.
 */
export function regenerated(
  context: Context,
  found: Found,
  policy: Policy,
  token: Token,
): Awaitable<Token | null | 'gone'> {
  const { peppers, clock, tell, touches, policies } = context
  const pepper = peppers[0]
  const { session, secretHash } = found
  const next = tokenFrom(token.id, successorOf(pepper, token.id, token.secret()), policies.base)
  const hash = hashSecret(pepper, 'session', next.secret())
  const now = clock.now()
  const result = context.call((store) => store.regenerate(session.id, secretHash, hash, now))
  return whenAnswered(result, (result) => {
    if (result === 'gone') return 'gone'
    if (result === 'lost') return null
    tell({ type: 'session.regenerated', at: now, session })
    const every = touchEveryOf(session, policy)
    if (every !== null) touches.touch(session.id, now, every)
    return next
  })
}

/**
 * The successor that a replaced token was given; `undefined` where the session's token does not descend from it. The
 * successor may have been made by one pepper and hashed again by a newer one since.
 */
export function successor({ peppers, policies }: Context, found: Found, token: Token): Token | undefined {
  const hashedBy = pepperBehind(peppers, found.secretHash)
  if (hashedBy === undefined) return undefined
  for (const pepper of peppers) {
    const next = tokenFrom(token.id, successorOf(pepper, token.id, token.secret()), policies.base)
    if (isHashOf(hashedBy, 'session', next.secret(), found.secretHash)) return next
  }
  return undefined
}
