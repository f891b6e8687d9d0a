import { admit } from '../core/admit.ts'
import { invalidOption, SessionError } from '../core/errors.ts'
import { frozenSession } from '../core/frozen.ts'
import type { Policy, ResolvedPolicy } from '../core/policy.ts'
import { isEphemeral } from '../core/remember.ts'
import { fingerprintOf, longestUserAgent } from '../core/rules/fingerprint.ts'
import { idleTimeoutFor, touchEveryOf } from '../core/rules/idle-timeout.ts'
import type { AssuranceLevel, Data, EndReason, Instant, RequestFacts, Session } from '../core/session.ts'
import type { Limit, NewSession } from '../core/store.ts'
import { linkedExpiry } from '../core/tree.ts'
import type { Context } from './context.ts'
import { checkPatch } from './data.ts'
import { parentOf } from './parent.ts'
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
  /** A live session that this one stands on, such as the one at the identity provider: it ends with it, and never later. */
  readonly parent?: string
  /** The last moment that whatever is behind the login allows, such as an identity provider's `session_expiry`. */
  readonly endsAt?: Instant
  /** Whether the device is remembered, where policy and method allow it. */
  readonly remember?: boolean
  /** A login in several steps: the session is known from the first of them, and good for nothing until `activate`. */
  readonly pending?: boolean
  /** A session that ends in the same step. */
  readonly replaces?: { readonly id: string; readonly reason: EndReason }
}

/** A session ready for the store. */
export interface Prepared {
  readonly entry: NewSession
  readonly token: Token
  readonly refresh: Token | null
  readonly policy: Policy
  readonly limit?: Limit
  /** Where the limit refuses it, the person is asked what to end. */
  readonly ask?: true
}

/** Judges whether the login may start a session, and makes the record and the token of it: under a new id, or a given one. */
export async function prepare(context: Context, input: StartInput, id?: string): Promise<Prepared> {
  refuseStrange(input)
  const data = checkPatch({ set: input.data ?? {} }, {}).set ?? {}
  const { policy } = await policyAt(context, input)
  const admission = input.subject === undefined ? ({ may: 'start' } as const) : admit(policy)
  if (admission.may === 'closed') throw refuse(context, input.subject, 'login_disabled_by_limit')
  const parent = input.parent === undefined ? null : await parentOf(context, input.parent)
  const token = mintToken(context.random, context.policies.base, id)
  const remembered = rememberedUntil(context, input, policy)
  const session = frozenSession(newSession(context, input, policy, { id: token.id, parent, remembered }))
  const [pepper] = context.peppers
  const refresh = remembered === null ? null : mintToken(context.random, context.policies.base, token.id)
  const refreshHash = refresh && { refreshHash: hashSecret(pepper, 'refresh', refresh.secret()) }
  return {
    entry: { session, secretHash: hashSecret(pepper, 'session', token.secret()), data, ...refreshHash },
    token,
    refresh,
    policy,
    ...(admission.limit === undefined ? {} : { limit: admission.limit }),
    ...(admission.ask === undefined ? {} : { ask: admission.ask }),
  }
}

/** The policy of a login, with the source of each value: its subject's own layer and integration are asked for. */
export async function policyAt(
  { policies, subjectPolicy, subjectIntegration }: Context,
  { subject, method = 'password', roles = [], app }: StartInput,
): Promise<ResolvedPolicy> {
  if (subject === undefined) return policies.resolve({ app: app ?? null, roles, method: null })
  const own = (await subjectPolicy(subject)) ?? undefined
  const integration = (await subjectIntegration(subject)) ?? null
  return policies.resolve({ app: app ?? null, roles, method, integration }, own)
}

/** Tells that a login is refused, and gives the error to throw. It is no failed password. */
export function refuse(
  { tell, clock }: Context,
  subject: string | null | undefined,
  reason: 'login_disabled_by_limit' | 'login_refused_by_limit',
): SessionError {
  tell({ type: 'login.refused', at: clock.now(), subject: subject ?? '', reason })
  const message =
    reason === 'login_disabled_by_limit'
      ? 'this subject may not log in: its session limit is 0'
      : 'this subject has as many sessions as its limit allows; end one to log in'
  return new SessionError(reason, message)
}

/** An empty subject would be one person to everybody whose id is missing, and half a surrogate pair one with every other half. */
function refuseStrange({ subject, endsAt }: StartInput): void {
  const isSubject =
    typeof subject === 'string' && subject !== '' && subject.length <= 256 && subject.isWellFormed()
  if (subject !== undefined && !isSubject)
    throw invalidOption('subject', 'a text of 1 to 256 characters', subject)
  if (endsAt !== undefined && !Number.isSafeInteger(endsAt))
    throw invalidOption('endsAt', 'a moment in milliseconds', endsAt)
}

/**
 * Until when a login is remembered; `null`: the policy or the method forbids it, or nobody asked. What restores it would
 * not know of `endsAt`.
 */
function rememberedUntil({ clock }: Context, input: StartInput, policy: Policy): Instant | null {
  const { subject, method = 'password', remember = false, endsAt } = input
  if (!remember || subject === undefined || endsAt !== undefined || isEphemeral(method)) return null
  const { rememberFor, rememberMax } = policy
  return rememberFor === null ? null : clock.now() + Math.min(rememberFor, rememberMax)
}

interface Place {
  readonly id: string
  readonly parent: Session | null
  readonly remembered: Instant | null
}

function newSession(
  { realm, clock, policies }: Context,
  input: StartInput,
  policy: Policy,
  { id, parent, remembered }: Place,
): Session {
  const now: Instant = clock.now()
  const { subject = null } = input
  const amr = subject === null ? [] : (input.amr ?? [])
  const idleTimeout = idleTimeoutFor(subject, policy)
  const request = { userAgent: null, ip: null, passive: false, ...input.request }
  const bounds = {
    own: policy.absoluteTimeout === null ? null : now + policy.absoluteTimeout,
    parent: parent?.expiresAt ?? null,
    identityProvider: input.endsAt ?? null,
  }
  return {
    id,
    realm,
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
    expiresAt: linkedExpiry(bounds).at,
    regeneratedAt: now,
    policy: policies.revision,
    fingerprint: fingerprintOf(request, policy.fingerprint),
    ip: request.ip,
    userAgent: request.userAgent?.slice(0, longestUserAgent) ?? null,
    family: remembered === null ? null : id,
    rememberedUntil: remembered,
    parent: parent?.id ?? null,
    actor: null,
    revision: 0,
    endedAt: null,
    endReason: null,
    endedBy: null,
  }
}
