import type { EndReason, Instant, RequestFacts, Session } from '../session.ts'
import type { Watermark } from '../store.ts'

/** What is known when one request presents one session. */
export interface Facts {
  readonly session: Session
  /** The latest watermark that covers the session, or `null`. */
  readonly watermark: Watermark | null
  readonly request: RequestFacts
  /** The last activity that this process knows of, which may be later than the record says. */
  readonly seenAt?: Instant | undefined
}

/** A rule that gives a session its last valid moment. */
export interface Deadline<Policy> {
  readonly name: string
  readonly reason: EndReason
  /**
   * Valid at this instant, over one millisecond later; `null`: this rule sets no limit. `seenAt`: the last activity, as far
   * as it is known or may be.
   */
  readonly deadline: (session: Session, policy: Policy, seenAt: Instant) => Instant | null
}

/** A rule that compares a request with its session. */
export interface Check<Policy> {
  readonly name: string
  readonly check: (facts: Facts, policy: Policy, now: Instant) => Finding | null
}

/** What a check found. `end` has a reason and the moment since when the session is over. */
export type Finding =
  | { readonly action: 'end'; readonly reason: EndReason; readonly at: Instant }
  /** Answered, but not trusted with what needs fresh authentication. */
  | { readonly action: 'step-up'; readonly reason: EndReason }
  /** Worth an event, nothing more. */
  | { readonly action: 'log'; readonly reason: EndReason }
