import type { Credential } from '../core/credential-change.ts'
import type { ImpersonationVerdict } from '../core/impersonation.ts'
import type { AssuranceLevel, EndReason, Instant, Session } from '../core/session.ts'

/** What has happened. Public ids only; never a token. */
export type SessionEvent =
  /** Exactly one for every session; one that waits for the rest of a login is not activated yet. */
  | { readonly type: 'session.started'; readonly at: Instant; readonly session: Session }
  /** A session that waited is its subject's from now on. */
  | { readonly type: 'session.activated'; readonly at: Instant; readonly session: Session }
  /** Exactly one for every session. */
  | {
      readonly type: 'session.ended'
      readonly at: Instant
      readonly session: Session
      readonly reason: EndReason
    }
  | { readonly type: 'session.regenerated'; readonly at: Instant; readonly session: Session }
  /** Factors were verified anew. */
  | {
      readonly type: 'session.elevated'
      readonly at: Instant
      readonly session: Session
      /** The assurance that it had before. */
      readonly from: AssuranceLevel
    }
  | {
      readonly type: 'login.refused'
      readonly at: Instant
      readonly subject: string
      readonly reason: RefusalReason
    }
  /** A check found something short of an end, such as another fingerprint. Once for a session and reason. */
  | {
      readonly type: 'session.cautioned'
      readonly at: Instant
      readonly session: Session
      readonly reason: EndReason
    }
  /** A request came from another address than the login. A signal and no more: phones change networks. Once for an address. */
  | {
      readonly type: 'session.ip_changed'
      readonly at: Instant
      readonly session: Session
      readonly ip: string
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
  /** A password, an address, a number or a factor was changed; what ended for it is told of one by one. */
  | {
      readonly type: 'credential.changed'
      readonly at: Instant
      readonly subject: string
      readonly credential: Credential
      readonly how: 'in-session' | 'reset'
    }
  /** Somebody acts as somebody else: `session` is marked with its `actor`, and its end is the end of it. */
  | { readonly type: 'impersonation.started'; readonly at: Instant; readonly session: Session }
  | {
      readonly type: 'impersonation.refused'
      readonly at: Instant
      /** Whom somebody wanted to act as. */
      readonly subject: string
      readonly actor: string | null
      readonly reason: ImpersonationRefusal
    }
  /** This process goes by another policy from now on. */
  | {
      readonly type: 'policy.changed'
      readonly at: Instant
      readonly revision: string
      readonly before: string
    }

export type RefusalReason = 'login_refused_by_limit' | 'login_disabled_by_limit'
export type ImpersonationRefusal = Exclude<ImpersonationVerdict, 'allowed'>
export type Listener = (event: SessionEvent) => void | Promise<void>

/** Tells every listener of an event. What one throws is reported, and keeps it from no other. */
export function teller(
  listeners: Listener | readonly Listener[] = [],
  report: (error: unknown) => void,
): (event: SessionEvent) => void {
  const all: readonly Listener[] = typeof listeners === 'function' ? [listeners] : [...listeners]
  return (event) => {
    for (const listener of all) {
      try {
        const heard: unknown = listener(event)
        if (heard instanceof Promise) heard.catch(report)
      } catch (error) {
        report(error)
      }
    }
  }
}
