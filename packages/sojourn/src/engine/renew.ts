import { SessionError } from '../core/errors.ts'
import { expiryOf } from '../core/expiry.ts'
import { frozenSession } from '../core/frozen.ts'
import type { Policy } from '../core/policy.ts'
import { touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { Session } from '../core/session.ts'
import type { Awaitable, Elevation } from '../core/store.ts'
import type { Context } from './context.ts'
import { findActive } from './find.ts'
import { hashSecret } from './pepper.ts'
import { mintToken, type Token } from './token.ts'
import type { Active } from './verify.ts'

/** A session as it is verified from now on. Its token is new, for the client alone; the old one opens nothing any more. */
export type Renewed = Active & { readonly token: Token }

const tries = 5

/**
 * Replaces the token of a session at once and without grace, for when what it may do has changed, or it may have been
 * copied. It counts as activity. `undefined`: the session is not live, waits for its login, or `elevate` refuses it.
 */
export async function renew(
  context: Context,
  id: string,
  elevate: (session: Session, policy: Policy) => Awaitable<Elevation | 'refused' | undefined> = () =>
    undefined,
): Promise<Renewed | undefined> {
  const { clock, peppers, random, policies, tell, touches, call } = context
  for (let attempt = 1; attempt <= tries; attempt++) {
    const live = await findActive(context, id)
    if (live === undefined) return undefined
    const { found, policy } = live
    const elevation = await elevate(found.session, policy)
    if (elevation === 'refused') return undefined
    // By chance, not from the old one: whoever presents that gets no successor, and is refused.
    const token = mintToken(random, policies.base, id)
    const hash = hashSecret(peppers[0], 'session', token.secret())
    const at = clock.now()
    const result = await call((store) => store.regenerate(id, found.secretHash, hash, at, elevation))
    if (result === 'gone') return undefined
    if (result === 'lost') continue
    const session = frozenSession({ ...found.session, ...elevation, regeneratedAt: at })
    tell({ type: 'session.regenerated', at, session })
    const every = touchEveryOf(session, policy)
    if (every !== null) touches.touch(id, at, every)
    const expiresAt = expiryOf(session, policy, at)
    return { state: 'active', session, data: found.data, policy, expiresAt, token, caution: null }
  }
  throw new SessionError(
    'revision_conflict',
    `the token of session ${id} was replaced by others ${tries} times while it was being replaced; try again`,
  )
}
