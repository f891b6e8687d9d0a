import { type Options, span } from './option.ts'
import { type Instant, isLive, type Millis, type Session } from './session.ts'
import { earlier } from './tree.ts'

export interface ImpersonationPolicy {
  /** How long somebody may act as another at most, counted from the beginning, used or not. */
  readonly impersonationTimeout: Millis
}

export const impersonationOptions = {
  impersonationTimeout: span('15m', 'How long somebody may act as another person, used or not.'),
} satisfies Options<ImpersonationPolicy>

/** The login method of a session in which somebody acts as another. */
export const impersonationMethod = 'impersonation'

/** Whom somebody wants to act as. */
export interface ImpersonationTarget {
  readonly subject: string
  readonly roles: readonly string[]
}

/**
 * `nested`: the actor acts as somebody already. `oneself`: there is nothing to act as. `above`: the target has a role whose
 * holders the actor may not act as. `not_authenticated`: the actor's session is a guest's, waits for something, or is over.
 */
export type ImpersonationVerdict = 'allowed' | 'nested' | 'oneself' | 'above' | 'not_authenticated'

/**
 * Whether the holder of a session may act as somebody. `mayActAs` says of one role whether they may act as its holders; a
 * target is out of reach as soon as one of its roles is, so that nobody gains what they do not have. That the actor has
 * proven a factor lately is a matter of `requireFresh`.
 */
export function judgeImpersonation(
  actor: Session,
  target: ImpersonationTarget,
  mayActAs: (role: string) => boolean,
  now: Instant,
): ImpersonationVerdict {
  if (actor.subject === null || actor.activatedAt === null || !isLive(actor, now)) return 'not_authenticated'
  if (actor.actor !== null) return 'nested'
  if (actor.subject === target.subject) return 'oneself'
  return target.roles.every(mayActAs) ? 'allowed' : 'above'
}

/** What an impersonating session has otherwise than one that the target has started. */
export type Impersonated = Pick<
  Session,
  | 'subject'
  | 'roles'
  | 'method'
  | 'amr'
  | 'factors'
  | 'assurance'
  | 'authenticatedAt'
  | 'actor'
  | 'parent'
  | 'family'
  | 'expiresAt'
>

/**
 * The marks of an impersonating session: the target's roles and none of the actor's, the actor's authentication, a link to
 * the actor's session, with which it ends, a short life, and no refresh family. `expiresAt`: what the policy of the target
 * would give it.
 */
export function impersonated(
  actor: Session,
  target: ImpersonationTarget,
  expiresAt: Instant | null,
  { impersonationTimeout }: ImpersonationPolicy,
  now: Instant,
): Impersonated {
  return {
    subject: target.subject,
    roles: target.roles,
    method: impersonationMethod,
    amr: actor.amr,
    factors: actor.factors,
    assurance: actor.assurance,
    authenticatedAt: actor.authenticatedAt,
    actor: actor.subject,
    parent: actor.id,
    family: null,
    expiresAt: earlier(now + impersonationTimeout, earlier(actor.expiresAt, expiresAt)),
  }
}

/** Whether passwords, addresses and factors may be changed in a session: only by the subject, never by who acts as them. */
export function mayChangeCredentials(session: Pick<Session, 'subject' | 'actor'>): boolean {
  return session.subject !== null && session.actor === null
}
