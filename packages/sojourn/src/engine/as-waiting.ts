import type { Instant, Json } from '../core/session.ts'
import { earlier } from '../core/tree.ts'
import type { Prepared, StartInput } from './prepare.ts'
import { type Waiting, waitingKey } from './waiting.ts'

type LastingInput = Pick<StartInput, 'remember'> & { readonly endsAt?: Instant | null }

/** What a login that is begun with this would wait with. */
export function waitingOf({ remember = false, endsAt = null }: LastingInput): Waiting {
  return { choose: false, remember, endsAt }
}

/**
 * A login that waits, as a record: its subject may be known, but it is activated for nobody. It is over `pendingTimeout`
 * after its beginning, and nothing of it can be restored.
 */
export function asWaiting({ entry, policy, ...prepared }: Prepared, how: Waiting): Prepared {
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
      data: Object.freeze(
        Object.assign(Object.create(null) as { [key: string]: Json }, data, { [waitingKey]: how }),
      ),
    },
  }
}
