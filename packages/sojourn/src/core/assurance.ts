import type { AssuranceLevel, EndReason, Instant, Millis, Session } from './session.ts'

/** What an act asks of the authentication behind a session. What is left out is not asked. */
export interface Freshness {
  /** How long ago a factor may have been verified. Fresh at the limit, stale one millisecond later. */
  readonly maxAge?: Millis
  /** The assurance that the session must have. */
  readonly assurance?: AssuranceLevel
  /** RFC 8176 references: one of them must have been proven, and within `maxAge` where that is asked. */
  readonly amr?: readonly string[]
}

/** What is known of a session's authentication. */
export type Authentication = Pick<Session, 'subject' | 'assurance' | 'authenticatedAt' | 'factors'>

/**
 * Why an act needs a login first, for a program: the error and its parameters are those of RFC 9470. `reauth_required`: the
 * same again, newly. `step_up_required`: more than before, or something else.
 */
export interface FreshnessRefusal {
  readonly ok: false
  readonly error: 'insufficient_user_authentication'
  readonly reason: 'reauth_required' | 'step_up_required'
  /** Whole seconds, never more than was asked. */
  readonly max_age?: number
  /** `aal1` to `aal3`. */
  readonly acr_values?: string
  readonly amr_values?: readonly string[]
  /** When a factor was last verified, in epoch milliseconds. */
  readonly authenticated_at: Instant | null
}

export type FreshnessAnswer = { readonly ok: true } | FreshnessRefusal

/**
 * Whether a session may do what needs fresh authentication. `caution`: what a check found short of an end, such as another
 * browser; nothing is fresh then. A restored session is as old as the login behind it: no refresh token is a factor.
 */
export function requireFresh(
  session: Authentication,
  need: Freshness,
  now: Instant,
  caution: EndReason | null = null,
): FreshnessAnswer {
  const { subject, assurance, authenticatedAt } = session
  if (subject === null || authenticatedAt === null || caution !== null)
    return refusal('reauth_required', session, need)
  if (need.assurance !== undefined && assurance < need.assurance)
    return refusal('step_up_required', session, need)
  const provenAt = need.amr === undefined ? authenticatedAt : lastProof(session, need.amr)
  if (provenAt === undefined) return refusal('step_up_required', session, need)
  if (need.maxAge !== undefined && now > provenAt + need.maxAge)
    return refusal('reauth_required', session, need)
  return { ok: true }
}

/** The `WWW-Authenticate` of a refusal, RFC 9470 section 3. */
export function challengeOf({ reason, max_age, acr_values }: FreshnessRefusal, scheme = 'Bearer'): string {
  const description =
    reason === 'reauth_required'
      ? 'More recent authentication is required'
      : 'Stronger authentication is required'
  return [
    `${scheme} error="insufficient_user_authentication"`,
    `error_description="${description}"`,
    ...(acr_values === undefined ? [] : [`acr_values="${acr_values}"`]),
    ...(max_age === undefined ? [] : [`max_age="${max_age}"`]),
  ].join(', ')
}

function lastProof({ factors }: Authentication, amr: readonly string[]): Instant | undefined {
  const moments = factors.filter((factor) => amr.includes(factor.amr)).map(({ at }) => at)
  return moments.length === 0 ? undefined : Math.max(...moments)
}

function refusal(
  reason: FreshnessRefusal['reason'],
  { authenticatedAt }: Authentication,
  { maxAge, assurance, amr }: Freshness,
): FreshnessRefusal {
  return {
    ok: false,
    error: 'insufficient_user_authentication',
    reason,
    ...(maxAge === undefined ? {} : { max_age: Math.floor(maxAge / 1000) }),
    ...(assurance === undefined ? {} : { acr_values: `aal${assurance}` }),
    ...(amr === undefined ? {} : { amr_values: amr }),
    authenticated_at: authenticatedAt,
  }
}
