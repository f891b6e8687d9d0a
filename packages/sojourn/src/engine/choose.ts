import { byUnseen } from '../core/by-unseen.ts'
import { type Choice, choiceOf, judgeChoice } from '../core/pending-login.ts'
import { counts, type Session } from '../core/session.ts'
import { complete, stepsOf } from './activate.ts'
import type { Context } from './context.ts'
import { end } from './end.ts'
import { findLive, findOne } from './find.ts'
import { policyAt } from './prepare.ts'
import type { Started } from './start.ts'
import { waitingIn } from './waiting.ts'

export type Choosing =
  /** The login is complete, or, where `choice` is not `null`, waits under a new token: there is more to end. */
  | { readonly state: 'started'; readonly started: Started }
  /** The person has no counted session of this id. Nothing was ended. */
  | { readonly state: 'not_found' }
  /** The session is no login that waits for a choice. Nothing was ended. */
  | { readonly state: 'not_waiting' }

/** What there is to choose from for a login that the limit has refused; `undefined`: it does not wait for a choice. */
export async function choice(context: Context, id: string): Promise<Choice | undefined> {
  const asked = await findAsked(context, id)
  if (asked === undefined) return undefined
  const { limit } = (await policyAt(context, asked.input)).policy
  const sessions = await counted(context, asked.subject)
  return choiceOf({ most: limit === 'unlimited' ? Infinity : limit }, sessions)
}

/**
 * Ends the session that somebody at their limit has chosen, and completes their login in its place: in one step of the
 * store, so that nobody else's login gets between. Where another login was faster they are asked again. `endId` left out:
 * nothing is ended, for where a session has ended meanwhile.
 */
export async function choose(context: Context, id: string, endId?: string): Promise<Choosing> {
  const asked = await findAsked(context, id)
  if (asked === undefined) return { state: 'not_waiting' }
  const { session, subject } = asked
  if (endId !== undefined) {
    const chosen = await findOne(context, endId)
    const standing = chosen?.watermark === null ? chosen.session : undefined
    const verdict = judgeChoice(session, standing, context.clock.now())
    if (verdict !== 'end') return { state: verdict }
    await end(context, { id: endId, subject }, 'user_revoked', subject)
  }
  const started = await complete(context, id, {}, ({ choose }) => choose)
  return started === undefined ? { state: 'not_waiting' } : { state: 'started', started }
}

async function findAsked(context: Context, id: string) {
  const live = await findLive(context, id)
  const how = live && waitingIn(live.found)
  const session = live?.found.session
  const subject = session?.subject ?? null
  if (session === undefined || subject === null || how?.choose !== true) return undefined
  return { session, subject, input: { ...stepsOf(session, how), subject } }
}

/** What the limit counts of a subject, in the order in which it would be evicted. */
async function counted({ call, realm, clock }: Context, subject: string): Promise<readonly Session[]> {
  const at = clock.now()
  const found: Session[] = []
  let cursor: string | null = null
  do {
    const query = { realm, subject, state: 'live', at, limit: 1_000 } as const
    const page = await call((store) => store.list(cursor === null ? query : { ...query, cursor }))
    found.push(...page.items.filter((session) => counts(session, at)))
    cursor = page.cursor
  } while (cursor !== null)
  return found.toSorted(byUnseen)
}
