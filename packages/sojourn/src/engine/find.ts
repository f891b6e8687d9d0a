import { decide, type Facts } from '../core/decide.ts'
import type { Policy } from '../core/policy.ts'
import type { Found } from '../core/store.ts'
import type { Context } from './context.ts'
import { freshly } from './store-call.ts'
import { asInitiated } from './waiting.ts'

/** What a store has of a session of this realm, live or ended. */
export async function findOne({ call, realm }: Context, id: string): Promise<Found | undefined> {
  const found = await call((store) => store.find(id, freshly))
  return found?.session.realm === realm ? found : undefined
}

/** A live session by its id, with its policy: activated or waiting. `undefined` where the next request would hear that it is over. */
export async function findLive(
  context: Context,
  id: string,
): Promise<{ readonly found: Found; readonly policy: Policy } | undefined> {
  const found = await findOne(context, id)
  if (found === undefined) return undefined
  const policy = context.policies.of(found.session)
  const { next } = decide(factsOf(context, found), policy, context.clock.now())
  return next === 'end' ? undefined : { found, policy }
}

/** A live session that is good for something. */
export async function findActive(
  context: Context,
  id: string,
): Promise<{ readonly found: Found; readonly policy: Policy } | undefined> {
  const live = await findLive(context, id)
  return live === undefined || live.found.session.activatedAt === null ? undefined : live
}

/** A session as a request like its first would find it. */
export function factsOf({ touches }: Context, found: Found): Facts {
  const { session, watermark } = found
  const { id, ip, userAgent } = session
  const request = { ip, userAgent, passive: true }
  return { session: asInitiated(found), watermark, request, seenAt: touches.lastSeen(id) }
}
