import { admit } from '../core/admit.ts'
import { invalidOption, SessionError } from '../core/errors.ts'
import { frozenSession } from '../core/frozen.ts'
import { isEphemeral } from '../core/remember.ts'
import type { Policy, PolicyValues } from '../core/policy.ts'
import { fingerprintOf, longestUserAgent } from '../core/rules/fingerprint.ts'
import { idleTimeoutFor, touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { AssuranceLevel, Data, EndReason, Instant, RequestFacts, Session } from '../core/session.ts'
import type { Limit, NewSession } from '../core/store.ts'
import { type Context, tellEnded } from './context.ts'
import { checkPatch } from './data.ts'
import { hashSecret } from './pepper.ts'
import { mintToken, type Token } from './token.ts'

/** Who logs in, how, and from where. */
export interface StartInput {
  /** Whose session it will be; left out: a guest's. */
  readonly subject?: string
  /** The login method; `password` if left out. */
  readonly method?: string
  /** RFC 8176 references of what was proven. */
  readonly amr?: readonly string[]
  /** 1 for a subject if left out. */
  readonly assurance?: AssuranceLevel
  readonly app?: string
  readonly roles?: readonly string[]
  readonly data?: Data
  readonly request?: Partial<RequestFacts>
  readonly parent?: string
  readonly actor?: string
  /** Whether the device is remembered, where policy and method allow it. */
  readonly remember?: boolean
  /** A session that ends in the same step. */
  readonly replaces?: { readonly id: string; readonly reason: EndReason }
}

export interface Started {
  readonly session: Session
  /** For the client alone. */
  readonly token: Token
  /** The refresh token of a remembered device, for the client alone; else `null`. */
  readonly refresh: Token | null
  readonly policy: Policy
  readonly data: Data
  /** What ended in the same step: the replaced, the evicted. */
  readonly ended: readonly Session[]
}

/** A session ready for the store. */
export interface Prepared {
  readonly entry: NewSession
  readonly token: Token
  readonly refresh: Token | null
  readonly policy: Policy
  readonly limit?: Limit
}

/** Tries that are made when the random source gives an id that is taken. One is already a sign that it is broken. */
const tries = 3

/**
 * Starts a session and returns its token. Throws `login_disabled_by_limit` where the subject's limit is 0, and
 * `login_refused_by_limit` where the limit refuses; neither writes anything, and neither is a failed password.
 */
export async function start(context: Context, input: StartInput): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepare(context, input)
    const { entry, token, refresh, policy, limit } = prepared
    const options = {
      ...(limit === undefined ? {} : { limit }),
      ...(input.replaces === undefined ? {} : { replaces: input.replaces }),
    }
    const result = await context.call((store) => store.create(entry, options))
    if (result.status === 'created') {
      began(context, entry.session, policy)
      tellEnded(context, result.ended, entry.session.createdAt)
      return { session: entry.session, token, refresh, policy, data: entry.data, ended: result.ended }
    }
    if (result.status === 'refused') throw refuse(context, input, 'login_refused_by_limit')
    context.tell({ type: 'id.duplicated', at: entry.session.createdAt, id: entry.session.id })
    if (attempt === tries)
      throw new SessionError(
        'store_unavailable',
        `${tries} new ids in a row were taken: the source of randomness is broken`,
      )
  }
}

/** Judges whether the login may start a session, and makes the record and the token of it. */
export async function prepare(context: Context, input: StartInput): Promise<Prepared> {
  refuseNobody(input.subject)
  const data = checkPatch({ set: input.data ?? {} }, {}).set ?? {}
  const policy = await policyAt(context, input)
  const admission = input.subject === undefined ? ({ may: 'start' } as const) : admit(policy)
  if (admission.may === 'closed') throw refuse(context, input, 'login_disabled_by_limit')
  const token = mintToken(context.random, context.policies.base)
  const remembered = rememberedUntil(context, input, policy)
  const session = frozenSession(newSession(context, input, policy, token.id, remembered))
  const [pepper] = context.peppers
  const refresh = remembered === null ? null : mintToken(context.random, context.policies.base, token.id)
  const refreshHash = refresh && { refreshHash: hashSecret(pepper, 'refresh', refresh.secret()) }
  return {
    entry: { session, secretHash: hashSecret(pepper, 'session', token.secret()), data, ...refreshHash },
    token,
    refresh,
    policy,
    ...(admission.limit === undefined ? {} : { limit: admission.limit }),
  }
}

/** Tells of a new session and follows its activity. */
export function began({ tell, touches }: Context, session: Session, policy: Policy): void {
  const every = touchEveryOf(session, policy)
  if (every !== null) touches.note(session.id, session.createdAt, session.createdAt + session.lag, every)
  tell({ type: 'session.started', at: session.createdAt, session })
}

export function refuse(
  { tell, clock }: Context,
  { subject = '' }: StartInput,
  reason: 'login_disabled_by_limit' | 'login_refused_by_limit',
): SessionError {
  tell({ type: 'login.refused', at: clock.now(), subject, reason })
  const message =
    reason === 'login_disabled_by_limit'
      ? 'this subject may not log in: its session limit is 0'
      : 'this subject has as many sessions as its limit allows; end one to log in'
  return new SessionError(reason, message)
}

/** An empty subject would be one person to everybody whose id is missing. */
function refuseNobody(subject: unknown): void {
  if (subject === undefined || (typeof subject === 'string' && subject !== '' && subject.length <= 256))
    return
  throw invalidOption('subject', 'a text of 1 to 256 characters', subject)
}

/** Until when a login is remembered; `null`: the policy or the method forbids it, or nobody asked. */
function rememberedUntil({ clock }: Context, input: StartInput, policy: Policy): Instant | null {
  const { subject, method = 'password', remember = false, actor } = input
  if (!remember || subject === undefined || actor !== undefined || isEphemeral(method)) return null
  const { rememberFor, rememberMax } = policy
  return rememberFor === null ? null : clock.now() + Math.min(rememberFor, rememberMax)
}

async function policyAt({ policies, subjectPolicy }: Context, input: StartInput): Promise<Policy> {
  const own: PolicyValues | undefined =
    input.subject === undefined ? undefined : ((await subjectPolicy(input.subject)) ?? undefined)
  const method = input.subject === undefined ? null : (input.method ?? 'password')
  return policies.resolve({ app: input.app ?? null, roles: input.roles ?? [], method }, own).policy
}

function newSession(
  context: Context,
  input: StartInput,
  policy: Policy,
  id: string,
  rememberedUntil: Instant | null,
): Session {
  const now: Instant = context.clock.now()
  const { subject = null } = input
  const amr = subject === null ? [] : (input.amr ?? [])
  const idleTimeout = idleTimeoutFor(subject, policy)
  const request = { userAgent: null, ip: null, passive: false, ...input.request }
  return {
    id,
    realm: context.realm,
    app: input.app ?? null,
    subject,
    roles: input.roles ?? [],
    method: subject === null ? null : (input.method ?? 'password'),
    amr,
    assurance: subject === null ? 0 : (input.assurance ?? 1),
    authenticatedAt: subject === null ? null : now,
    factors: amr.map((amr) => ({ amr, at: now })),
    restored: false,
    createdAt: now,
    activatedAt: now,
    lastSeenAt: now,
    lag: touchEveryOf({ subject, idleTimeout }, policy) ?? 0,
    idleTimeout,
    expiresAt: policy.absoluteTimeout === null ? null : now + policy.absoluteTimeout,
    regeneratedAt: now,
    policy: 'install',
    fingerprint: fingerprintOf(request, policy.fingerprint),
    ip: request.ip,
    userAgent: request.userAgent?.slice(0, longestUserAgent) ?? null,
    family: rememberedUntil === null ? null : id,
    rememberedUntil,
    parent: input.parent ?? null,
    actor: input.actor ?? null,
    revision: 0,
    endedAt: null,
    endReason: null,
    endedBy: null,
  }
}
