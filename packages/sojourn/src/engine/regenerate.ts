import type { Policy } from '../core/policy.ts'
import type { Awaitable, Found } from '../core/store.ts'
import { touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { Context } from './context.ts'
import { equalSecrets, hashSecret, pepperBehind, successorOf } from './pepper.ts'
import { then } from './store-call.ts'
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
  const { peppers, clock, tell, touches } = context
  const pepper = peppers[0]
  const { session, secretHash } = found
  const next = tokenFrom(token.id, successorOf(pepper, token.id, token.secret()), policy)
  const hash = hashSecret(pepper, 'session', next.secret())
  const now = clock.now()
  const result = context.call((store) => store.regenerate(session.id, secretHash, hash, now))
  return then(result, (result) => {
    if (result === 'gone') return 'gone'
    if (result === 'lost') return null
    tell({ type: 'session.regenerated', at: now, session })
    const every = touchEveryOf(policy)
    if (every !== null) touches.touch(session.id, now, every)
    return next
  })
}

/** The successor that a replaced token was given; `undefined` where the session's token does not descend from it. */
export function successor(
  { peppers }: Context,
  found: Found,
  policy: Policy,
  token: Token,
): Token | undefined {
  const pepper = pepperBehind(peppers, found.secretHash)
  if (pepper === undefined) return undefined
  const next = tokenFrom(token.id, successorOf(pepper, token.id, token.secret()), policy)
  return equalSecrets(hashSecret(pepper, 'session', next.secret()), found.secretHash) ? next : undefined
}
