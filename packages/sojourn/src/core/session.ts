/** A moment: milliseconds since the Unix epoch, by the server's clock. */
export type Instant = number
/** A span of time in milliseconds. */
export type Millis = number

/** What may be kept in a session: plain JSON, frozen when read. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Session data by key. Its prototype is `null`, so that `data.toString` is `undefined` and not a function. */
export type Data = { readonly [key: string]: Json }

/** Every way a session can end. The same word reaches the user, the administrator, the program and the metric. */
export const endReasons = [
  'idle_timeout',
  'absolute_timeout',
  'user_logout',
  'user_revoked',
  'evicted_by_limit',
  'admin_revoked',
  'bulk_revoked',
  'credential_changed',
  'account_disabled',
  'fingerprint_mismatch',
  'token_reuse',
  'policy_changed',
  'idp_logout',
  'idp_expired',
  'replaced_at_login',
  'upgraded',
  'remember_restored',
  'watermark',
  'maintenance',
] as const
export type EndReason = (typeof endReasons)[number]

/** Authenticator assurance level of NIST SP 800-63B; 0 stands for a guest. */
export type AssuranceLevel = 0 | 1 | 2 | 3

/** One proof of who somebody is. */
export interface Factor {
  /** RFC 8176 authentication method reference. */
  readonly amr: string
  readonly at: Instant
}

/**
 * One session as a store keeps it, without its secret. Plain and readonly: to change a session, call a verb of the engine.
 * Every property is always present, so that all records have one shape.
 */
export interface Session {
  /** Public: it names the session in lists, logs, URLs and the API. It opens nothing. */
  readonly id: string
  /** The space of sessions that this one belongs to. */
  readonly realm: string
  /** Which application of the realm it serves, or `null`. */
  readonly app: string | null
  /** Whose it is; `null` for a guest. */
  readonly subject: string | null
  /** The roles that chose the policy at login. */
  readonly roles: readonly string[]
  /** How the subject logged in: `password`, `passkey`, `saml`, … `null` for a guest. */
  readonly method: string | null
  /** RFC 8176 authentication method references, in the order in which they were proven. */
  readonly amr: readonly string[]
  readonly assurance: AssuranceLevel
  /** When a factor was last verified; unchanged by refresh, rotation and restoration. `null` for a guest. */
  readonly authenticatedAt: Instant | null
  /** When each factor of `amr` was last verified. */
  readonly factors: readonly Factor[]
  /** True where a refresh token, not a factor, opened this session. */
  readonly restored: boolean
  readonly createdAt: Instant
  /** `null` while the session is pending: known, but not yet good for anything. */
  readonly activatedAt: Instant | null
  /** The last request that counted as activity, as far as the store was told. */
  readonly lastSeenAt: Instant
  /** How much later than `lastSeenAt` the true last request may lie; 0 where `lastSeenAt` is exact. */
  readonly lag: Millis
  /** The idle timeout that the session was started under; `null`: none. */
  readonly idleTimeout: Millis | null
  /** The moment of its absolute timeout; `null`: none. */
  readonly expiresAt: Instant | null
  /** When its token was last replaced, or first made. */
  readonly regeneratedAt: Instant
  /** The revision or name of the policy that it was started under. */
  readonly policy: string
  /** What the policy's fingerprint recipe made of the first request; `null`: nothing was taken. */
  readonly fingerprint: string | null
  readonly ip: string | null
  readonly userAgent: string | null
  /** The sessions of one remembered device share a family, named after the first; `null`: the device is not remembered. */
  readonly family: string | null
  /** Until when the session's refresh token can still be spent to restore it; `null`: it cannot, or has none. */
  readonly rememberedUntil: Instant | null
  /** The session above this one in a tree of linked sessions, or `null`. */
  readonly parent: string | null
  /** Who really acts, where somebody acts as the subject; else `null`. */
  readonly actor: string | null
  /** Counts the writes to its data, for strict compare-and-set. */
  readonly revision: number
  readonly endedAt: Instant | null
  readonly endReason: EndReason | null
  /** The subject who ended it, where that was a person's act; else `null`. */
  readonly endedBy: string | null
}

/** What one request says about itself. Whatever of it the client chose is a hint, never proof. */
export interface RequestFacts {
  readonly userAgent: string | null
  readonly ip: string | null
  /** Passive requests (polling, prefetch, status) are answered but never extend a session. */
  readonly passive: boolean
}

/** The last moment at which a session is valid by its own stored limits, over one millisecond later; `null`: no limit. */
export function deadlineOf(session: Session): Instant | null {
  const { idleTimeout, expiresAt } = session
  const idle = idleTimeout === null ? null : session.lastSeenAt + session.lag + idleTimeout
  if (idle === null) return expiresAt
  return expiresAt === null ? idle : Math.min(idle, expiresAt)
}

/** Not ended and within its own stored limits. A store needs no policy to know this. */
export function isLive(session: Session, at: Instant): boolean {
  if (session.endedAt !== null) return false
  const deadline = deadlineOf(session)
  return deadline === null || at <= deadline
}

/** Live, activated, and its subject's own: what a limit counts. */
export function counts(session: Session, at: Instant): boolean {
  const { subject, activatedAt, actor } = session
  return subject !== null && activatedAt !== null && actor === null && isLive(session, at)
}

/** Over for want of use, and its refresh token can still be spent. */
export function isRestorable(session: Session, at: Instant): boolean {
  const { rememberedUntil, endReason } = session
  if (rememberedUntil === null || at > rememberedUntil || isLive(session, at)) return false
  return endReason === 'idle_timeout' || (endReason === null && timeoutOf(session) === 'idle_timeout')
}

/** Which of the session's own limits ran out first; the longer-lived loses a tie. */
export function timeoutOf(session: Session): 'idle_timeout' | 'absolute_timeout' {
  return session.expiresAt !== null && deadlineOf(session) === session.expiresAt
    ? 'absolute_timeout'
    : 'idle_timeout'
}
