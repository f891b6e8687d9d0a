import type { EndReason, Instant, Session } from '../core/session.ts'

/** What has happened. Public ids only; never a token. */
export type SessionEvent =
  | { readonly type: 'session.started'; readonly at: Instant; readonly session: Session }
  /** Exactly one for every session. */
  | {
      readonly type: 'session.ended'
      readonly at: Instant
      readonly session: Session
      readonly reason: EndReason
    }
  | { readonly type: 'session.regenerated'; readonly at: Instant; readonly session: Session }
  | {
      readonly type: 'login.refused'
      readonly at: Instant
      readonly subject: string
      readonly reason: RefusalReason
    }
  /** A check found something short of an end, such as another fingerprint. */
  | {
      readonly type: 'session.cautioned'
      readonly at: Instant
      readonly session: Session
      readonly reason: EndReason
    }
  /** A replaced token was presented after its grace period, and its successor had been used. */
  | {
      readonly type: 'token.reused'
      readonly at: Instant
      readonly session: Session
      readonly ip: string | null
    }
  /** A refresh token opened a session in the place of one that timed out, or of one that a client had renewed. */
  | {
      readonly type: 'session.restored'
      readonly at: Instant
      readonly session: Session
      readonly predecessor: Session
    }
  /** A spent refresh token was presented again: the family has ended. `session` says who spent it, the rest who came now. */
  | {
      readonly type: 'refresh.reused'
      readonly at: Instant
      readonly session: Session
      readonly ip: string | null
      readonly userAgent: string | null
    }
  /** A well-formed token that opens nothing; many of them are somebody guessing. */
  | { readonly type: 'token.rejected'; readonly at: Instant; readonly id: string; readonly ip: string | null }
  /** The random source gave an id twice; the login goes on with another. */
  | { readonly type: 'id.duplicated'; readonly at: Instant; readonly id: string }

export type RefusalReason = 'login_refused_by_limit' | 'login_disabled_by_limit'
export type Listener = (event: SessionEvent) => void | Promise<void>
