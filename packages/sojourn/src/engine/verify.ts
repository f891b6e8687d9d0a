import { decide, lastSeenAtMost, type Verdict } from '../core/decide.ts'
import type { Policy } from '../core/policy.ts'
import { touchEveryOf } from '../core/rules/idle-timeout.ts'
import { judgeReplaced } from '../core/rules/regeneration.ts'
import type { Data, EndReason, Instant, RequestFacts, Session } from '../core/session.ts'
import type { Awaitable, End, Found } from '../core/store.ts'
import { attempt, type Context } from './context.ts'
import { endOne } from './end.ts'
import { equalSecrets, hashSecret, isHashOf, isUnder, pepperBehind } from './pepper.ts'
import { regenerated, successor } from './regenerate.ts'
import { freshly, whenAnswered } from './store-call.ts'
import { sweep } from './sweep.ts'
import type { InUse } from './touches.ts'
import { parseToken, type Token } from './token.ts'
import { asInitiated, waitingIn } from './waiting.ts'

export type Verification =
  | {
      readonly state: 'active'
      readonly session: Session
      readonly data: Data
      readonly policy: Policy
      /** The last valid moment if no further request comes; `null`: none is set. */
      readonly expiresAt: Instant | null
      /** A new token that the client must use from now on, or `null`. */
      readonly token: Token | null
      /** The presented token was replaced, and its client has the successor by now: this request is served as it is. */
      readonly replaced?: true
      /** Set where a check found something that calls for fresh authentication before anything sensitive. */
      readonly caution: EndReason | null
    }
  /**
   * A login that is not complete: its subject may be known, but the request is nobody's. It may do what it waits for:
   * another step (`activate`), or the choice of a session to end (`choose`).
   */
  | {
      readonly state: 'pending'
      readonly session: Session
      readonly waitsFor: 'step' | 'choice'
      /** The last moment at which it can be completed. */
      readonly expiresAt: Instant | null
      readonly token: null
    }
  /** Only for whoever presented the session's true secret. */
  | {
      readonly state: 'ended'
      readonly session: Session
      readonly reason: EndReason
      readonly endedAt: Instant
    }
  /** No session: nothing was presented, it was malformed, or it opens nothing. */
  | { readonly state: 'none'; readonly cause: 'absent' | 'malformed' | 'unknown' }

export type Active = Extract<Verification, { readonly state: 'active' }>

const absent: Verification = { state: 'none', cause: 'absent' }
const malformed: Verification = { state: 'none', cause: 'malformed' }
const unknown: Verification = { state: 'none', cause: 'unknown' }

/**
 * Judges a presented token for one request: one read of the store, and normally no write. Answers at once where the store
 * does. Throws `store_unavailable` where it could not find out.
 *
 * What a cache keeps may be late by its bound, so that it may say that the current secret opens a live session, and nothing
 * else: whoever was given a new token, was active or logged in on another node a moment ago is not to be turned away.
 */
export function verify(
  context: Context,
  presented: string | undefined,
  request: RequestFacts,
): Awaitable<Verification> {
  if (presented === undefined) return absent
  const token = parseToken(presented, context.policies.base)
  if (token === undefined) return malformed
  const isFresh = context.store.staleness === undefined
  const found = context.find(token.id)
  return found instanceof Promise
    ? found.then((found) => judge(context, found, token, request, isFresh))
    : judge(context, found, token, request, isFresh)
}

/** Which of a session's secrets was presented; `undefined`: neither. */
function match(
  { peppers }: Context,
  found: Found,
  token: Token,
  inUse: InUse | undefined,
): 'current' | 'previous' | undefined {
  const { secretHash, previousHash } = found
  if (inUse !== undefined && isAccepted(inUse, secretHash, token)) return 'current'
  const pepper = pepperBehind(peppers, secretHash)
  if (pepper === undefined) return undefined
  if (isHashOf(pepper, 'session', token.secret(), secretHash)) {
    // A copy: what was cut out of a header would keep the whole header in memory.
    if (inUse !== undefined)
      inUse.accepted = {
        hash: secretHash,
        secret: Buffer.from(token.secret(), 'latin1').toString('latin1'),
        isStale: !isUnder(peppers[0], secretHash),
      }
    return 'current'
  }
  if (previousHash === null) return undefined
  const before = pepperBehind(peppers, previousHash)
  if (before === undefined) return undefined
  return isHashOf(before, 'session', token.secret(), previousHash) ? 'previous' : undefined
}

/** Whether a token is the one that was last found right, of the very hash that is stored now. */
function isAccepted({ accepted }: InUse, stored: string, token: Token): boolean {
  // Both hashes are ours: nobody learns from how long it takes to compare them.
  return accepted !== undefined && accepted.hash === stored && equalSecrets(accepted.secret, token.secret())
}

function judge(
  context: Context,
  found: Found | undefined,
  token: Token,
  request: RequestFacts,
  isFresh: boolean,
): Awaitable<Verification> {
  const inUse = context.touches.inUse(token.id)
  const presented =
    found === undefined || found.session.realm !== context.realm
      ? undefined
      : match(context, found, token, inUse)
  if (presented !== 'current' && !isFresh) return judgeNow(context, token, request)
  if (found === undefined || presented === undefined) return rejected(context, token, request)
  const { session } = found
  const policy = context.policies.of(session)
  const now = context.clock.now()
  const facts = { session: asInitiated(found), watermark: found.watermark, request, seenAt: inUse?.at }
  const verdict = decide(facts, policy, now)
  if (!isFresh && (verdict.next === 'end' || session.activatedAt === null))
    return judgeNow(context, token, request)
  if (verdict.next === 'end')
    return whenAnswered(
      ended(context, found, verdict, lastSeenAtMost(facts)),
      (over) => over ?? judgeNow(context, token, request),
    )
  if (session.activatedAt === null) return pending(found, verdict)
  if (presented === 'previous') return replaced(context, found, policy, token, request, verdict, now)
  noticeChanges(context, session, request, verdict, now)
  if (verdict.next === 'regenerate') {
    return whenAnswered(regenerated(context, found, policy, token), (next) => {
      if (next === null && !isFresh) return judgeNow(context, token, request)
      if (next !== 'gone') return accept(found, policy, verdict, next)
      // It ended between the read and the replacement: what it ended of is what the request is told. As a passive one it
      // asks for no replacement again, whatever a store may answer.
      return judgeNow(context, token, { ...request, passive: true })
    })
  }
  if (verdict.active) seen(context, session, policy, verdict, now, inUse)
  keepUp(context, found, token, verdict.active, inUse)
  return accept(found, policy, verdict, null)
}

/** Judges the session as it stands now. */
function judgeNow(context: Context, token: Token, request: RequestFacts): Awaitable<Verification> {
  const found = context.find(token.id, freshly)
  return whenAnswered(found, (found) => judge(context, found, token, request, true))
}

type Going = Exclude<Verdict, { readonly next: 'end' }>

function accept({ session, data }: Found, policy: Policy, verdict: Going, token: Token | null): Active {
  const { caution, expiresAt } = verdict
  return {
    state: 'active',
    session,
    data,
    policy,
    expiresAt,
    token,
    caution: caution?.action === 'step-up' ? caution.reason : null,
  }
}

function pending(found: Found, { expiresAt }: Going): Verification {
  const waitsFor = waitingIn(found)?.choose === true ? 'choice' : 'step'
  return { state: 'pending', session: found.session, waitsFor, expiresAt, token: null }
}

/** A well-formed token that opens nothing. */
function rejected({ tell, clock }: Context, { id }: Token, { ip }: RequestFacts): Verification {
  tell({ type: 'token.rejected', at: clock.now(), id, ip })
  return unknown
}

/** Tells of what is short of an end, once and not with every request. */
function noticeChanges(
  { tell, told }: Context,
  session: Session,
  { ip }: RequestFacts,
  { caution }: Going,
  at: Instant,
): void {
  const { id } = session
  if (caution !== null && told.cautions.isNew(id, caution.reason))
    tell({ type: 'session.cautioned', at, session, reason: caution.reason })
  if (ip !== session.ip && ip !== null && session.ip !== null && told.addresses.isNew(id, ip))
    tell({ type: 'session.ip_changed', at, session, ip })
}

/** Notes the activity of an active request. */
function seen(
  context: Context,
  session: Session,
  policy: Policy,
  verdict: Going,
  now: Instant,
  inUse?: InUse,
): void {
  const every = touchEveryOf(session, policy)
  if (every === null) return
  if (verdict.next === 'accept')
    return context.touches.note(session.id, now, session.lastSeenAt + session.lag, every, inUse)
  context.touches.touch(session.id, now, every)
  const { subject } = session
  if (policy.sweepOnTouch && subject !== null) void attempt(() => sweep(context, subject), context.report)
}

/**
 * Writes what the stored record lacks: that its token was presented, and, with an active request, its hash under the newest
 * pepper. A passive request says the first too, or a copy of the predecessor would pass for a lost answer. It is no
 * activity: the moment is that of the last one.
 */
function keepUp(context: Context, found: Found, token: Token, active: boolean, inUse?: InUse): void {
  const { touches, peppers } = context
  const { session, secretHash } = found
  const confirm = !found.confirmed
  const stale = active && (inUse?.accepted?.isStale ?? !isUnder(peppers[0], secretHash))
  if (!confirm && !stale) return
  touches.push({
    id: session.id,
    at: session.lastSeenAt,
    lag: session.lag,
    ...(confirm ? { confirm: secretHash } : {}),
    ...(stale ? { rehash: { from: secretHash, to: hashSecret(peppers[0], 'session', token.secret()) } } : {}),
  })
}

/**
 * Writes the end, except where a refresh token may still restore the session: then that, or a sweep, says how it ended.
 * `undefined`: it was used by another request since it was read, and is not over.
 */
function ended(
  context: Context,
  { session, refresh }: Found,
  { reason, endedAt }: Verdict & { next: 'end' },
  seenAt: Instant,
): Awaitable<Verification | undefined> {
  const over: Verification = { state: 'ended', session, reason, endedAt }
  if (session.endedAt !== null) return over
  const isIdle = reason === 'idle_timeout'
  const goesOn = (now: Session): boolean => now.endedAt === null && now.lastSeenAt > session.lastSeenAt
  if (isIdle && refresh?.usedAt === null)
    return whenAnswered(context.find(session.id, freshly), (now) =>
      now !== undefined && goesOn(now.session) ? undefined : over,
    )
  const end = { at: endedAt, reason }
  return whenAnswered(endOne(context, session, end, isIdle ? seenAt : undefined), (now) =>
    goesOn(now) ? undefined : endedAs(now, end),
  )
}

/** The session as it ended; `end`, where nothing is left that tells. */
function endedAs(session: Session, end: End): Verification {
  const { endReason, endedAt } = session
  return { state: 'ended', session, reason: endReason ?? end.reason, endedAt: endedAt ?? end.at }
}

/**
 * A token that was replaced: whoever has not got the successor gets it again, what was under way is served, a copy ends
 * the session. One that was replaced by a token of chance (`renew`) has no successor: it is dead.
 */
function replaced(
  context: Context,
  found: Found,
  policy: Policy,
  token: Token,
  request: RequestFacts,
  verdict: Going,
  now: Instant,
): Awaitable<Verification> {
  const { session } = found
  const means = judgeReplaced(session, found.confirmed, policy, now)
  if (means !== 'reused') {
    const next = successor(context, found, token)
    if (next === undefined) return rejected(context, token, request)
    if (verdict.active) seen(context, session, policy, verdict, now)
    return means === 'grace'
      ? { ...accept(found, policy, verdict, null), replaced: true }
      : accept(found, policy, verdict, next)
  }
  context.tell({ type: 'token.reused', at: now, session, ip: request.ip })
  const end = { at: now, reason: 'token_reuse' } as const
  return whenAnswered(endOne(context, session, end), (session) => endedAs(session, end))
}
