import { SessionError } from '../core/errors.ts'
import { type EndReason, type Instant, isLive, type RequestFacts, type Session } from '../core/session.ts'
import type { Found, NewSession, RestoreResult } from '../core/store.ts'
import { type Context, tellEnded } from './context.ts'
import { isHashOf, type Pepper, pepperBehind, successorBytes } from './pepper.ts'
import { prepare, type Prepared, refuse } from './prepare.ts'
import { freshly } from './store-call.ts'
import { begin, type Started } from './start.ts'
import { parseToken, type Token } from './token.ts'

export type Restoration =
  | { readonly state: 'restored'; readonly started: Started }
  /** A copy was presented; the family has ended. */
  | {
      readonly state: 'ended'
      readonly session: Session
      readonly reason: EndReason
      readonly endedAt: Instant
    }
  /** Another request of this moment was first, and its answer holds a newer token: try again with that. */
  | { readonly state: 'late' }
  /** The token opens nothing: malformed, unknown, expired, or its session may not be restored. */
  | { readonly state: 'none' }

const none: Restoration = { state: 'none' }

/**
 * Spends a refresh token for a new session with the data of the one that it belongs to. All that present one token in its
 * grace period get the same new tokens, and so does a client whose answer was lost, for a session that is what it has become
 * by now; a copy ends the family. Assurance
 * falls to 1, and `authenticatedAt` stays: nobody has proven anything anew. Throws `login_refused_by_limit` or
 * `login_disabled_by_limit` as a login does.
 */
export async function restore(
  context: Context,
  presented: string,
  request: RequestFacts,
): Promise<Restoration> {
  const token = parseToken(presented, context.policies.base)
  if (token === undefined || context.store.restore === undefined) return none
  const found = await context.call((store) => store.find(token.id, freshly))
  const pepper = found === undefined ? undefined : pepperOfRefresh(context, found, token)
  if (found?.refresh === undefined || pepper === undefined) {
    context.tell({ type: 'token.rejected', at: context.clock.now(), id: token.id, ip: request.ip })
    return none
  }
  const prepared = await successorOf(context, found, token, pepper, request)
  if (prepared === undefined) return none
  const { refresh } = found
  const { entry, policy, limit } = prepared
  const at = entry.session.createdAt
  const options = { at, grace: policy.rememberGrace, ...(limit === undefined ? {} : { limit }) }
  const result = await context.call((store) => store.restore?.(token.id, refresh.hash, entry, options))
  const restoration = told(context, found.session, prepared, result ?? { status: 'gone' }, request)
  return (await unlessGone(restoration)) ?? none
}

/** The pepper that hashed the session's refresh token, where the presented one is that token. */
export function pepperOfRefresh({ peppers, realm }: Context, found: Found, token: Token): Pepper | undefined {
  const { refresh, session } = found
  if (refresh === undefined || session.realm !== realm) return undefined
  const pepper = pepperBehind(peppers, refresh.hash)
  if (pepper === undefined) return undefined
  return isHashOf(pepper, 'refresh', token.secret(), refresh.hash) ? pepper : undefined
}

/**
 * The session that the token leads to: its id and secrets follow from the token, so that all presenters make the same.
 * `undefined`: what it stood on has ended.
 */
async function successorOf(
  context: Context,
  { session, data }: Found,
  token: Token,
  pepper: Pepper,
  request: RequestFacts,
): Promise<Prepared | undefined> {
  const { subject, app, roles, amr, parent, authenticatedAt, factors, family } = session
  if (subject === null)
    throw new SessionError('invalid_data', `session ${session.id} is a guest's and cannot be restored`)
  const derived = { ...context, random: successorBytes(pepper, token.id, token.secret()) }
  const input = {
    subject,
    roles,
    amr,
    data,
    request,
    remember: true,
    method: 'remember',
    ...(app === null ? {} : { app }),
    ...(parent === null ? {} : { parent }),
  }
  const prepared = await unlessGone(prepare(derived, input))
  if (prepared === undefined) return undefined
  const { rememberedUntil: until } = prepared.entry.session
  const longest = (authenticatedAt ?? session.createdAt) + prepared.policy.rememberMax
  const rememberedUntil = until === null ? null : Math.min(until, longest)
  const restored = {
    restored: true,
    assurance: 1,
    authenticatedAt,
    factors,
    family,
    rememberedUntil,
  } as const
  const entry: NewSession = {
    ...prepared.entry,
    session: Object.freeze({ ...prepared.entry.session, ...restored }),
  }
  return { ...prepared, entry }
}

async function told(
  context: Context,
  predecessor: Session,
  prepared: Prepared,
  result: RestoreResult,
  request: RequestFacts,
): Promise<Restoration> {
  const { entry } = prepared
  const at = entry.session.createdAt
  switch (result.status) {
    case 'spent': {
      const started = await begin(context, prepared, result.ended)
      context.tell({ type: 'session.restored', at, session: entry.session, predecessor })
      return { state: 'restored', started }
    }
    case 'grace':
    case 'lost_response': {
      // A token that was made under other peppers leads to another id than the one that stands.
      if (result.session.id !== entry.session.id) return none
      return again(context, prepared, request)
    }
    case 'reused': {
      const { ip, userAgent } = request
      context.tell({ type: 'refresh.reused', at, session: result.session, ip, userAgent })
      tellEnded(context, result.ended, at)
      return { state: 'ended', session: predecessor, reason: 'token_reuse', endedAt: at }
    }
    case 'refused':
      throw refuse(context, entry.session.subject, 'login_refused_by_limit')
    case 'late':
      return { state: 'late' }
    case 'gone':
      return none
  }
}

/**
 * The successor that stands, as it is by now. One that has itself timed out meanwhile stays over: its own refresh token, which
 * this client would have got with it, restores it in turn.
 */
async function again(context: Context, prepared: Prepared, request: RequestFacts): Promise<Restoration> {
  const { entry, token, refresh } = prepared
  const found = await context.call((store) => store.find(entry.session.id, freshly))
  if (found === undefined) return none
  const { session, data, watermark } = found
  if (watermark === null && isLive(session, context.clock.now())) {
    const policy = context.policies.of(session)
    return {
      state: 'restored',
      started: { session, token, refresh, policy, data, ended: [], choice: null },
    }
  }
  return refresh === null ? none : restore(context, refresh.reveal(), request)
}

/** `undefined` where what the session was to stand on is over. */
async function unlessGone<T>(promised: Promise<T>): Promise<T | undefined> {
  try {
    return await promised
  } catch (error) {
    if (error instanceof SessionError && error.code === 'session_gone') return undefined
    throw error
  }
}
