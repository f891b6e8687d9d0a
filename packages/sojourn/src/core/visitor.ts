import { day, formatDuration, minute } from './duration.ts'
import { type Options, span } from './option.ts'
import type { EndReason, Instant, Millis } from './session.ts'

export interface VisitorPolicy {
  /** How long a visitor id lasts, counted from its issue; use does not prolong it. At most a year. */
  readonly visitorFor: Millis
}

export const visitorOptions = {
  visitorFor: span('365d', 'How long a visitor id lasts from its issue, however much it is used.'),
} satisfies Options<VisitorPolicy>

const year = 365 * day

export function visitorConflict({
  visitorFor,
}: VisitorPolicy): readonly [key: string, expected: string] | undefined {
  return visitorFor > year ? ['visitorFor', `at most ${formatDuration(year)}`] : undefined
}

/**
 * Names a browser between several orders, whoever is signed in. It opens nothing and may be shown, stored with an order
 * and counted. Whatever else a client sends for it is its own loss.
 */
export interface Visitor {
  /** 128 random bits: 22 characters of base64url. */
  readonly uid: string
  readonly issuedAt: Instant
}

/** What a request shows of the session that its browser had. */
export interface VisitorFacts {
  /** The session that the request presented and that has ended; `null`: it is live, or there was none. */
  readonly ended: {
    /** Whose it was; `null`: a guest's, who cannot be logged out. */
    readonly subject: string | null
    readonly reason: EndReason
    readonly at: Instant
  } | null
  /** Whether somebody logs out by this very request. */
  readonly loggedOut: boolean
}

/** How far the clocks of two nodes may lie apart before what one has issued is from the future for the other. */
const skew = 5 * minute

/** The session went on under another id: nobody was logged out. */
const continued: ReadonlySet<EndReason> = new Set(['upgraded', 'replaced_at_login', 'remember_restored'])

/** Three parts, so that no session token (two) is taken for a visitor id, nor a visitor id for a token. */
const shape = /^v1\.([\w-]{22})\.(0|[1-9]\d{0,15})$/

/** The visitor of a cookie's text; `undefined` for anything but what `formatVisitor` writes. */
export function parseVisitor(text: string | undefined): Visitor | undefined {
  const [, uid, issuedAt] = shape.exec(text ?? '') ?? []
  if (uid === undefined || !Number.isSafeInteger(Number(issuedAt))) return undefined
  return { uid, issuedAt: Number(issuedAt) }
}

/** As the cookie holds it: `v1.<uid>.<issuedAt>`. */
export function formatVisitor({ uid, issuedAt }: Visitor): string {
  return `v1.${uid}.${issuedAt}`
}

/**
 * Whether a visitor id stands: within its time, and issued after the logout that the request shows. It survives logins,
 * restorations and the end of a guest's session. Valid at its limit, renewed one millisecond later.
 */
export function visitorStands(
  { issuedAt }: Visitor,
  { ended, loggedOut }: VisitorFacts,
  { visitorFor }: VisitorPolicy,
  now: Instant,
): boolean {
  if (loggedOut || issuedAt > now + skew || now > issuedAt + visitorFor) return false
  return !isLogout(ended) || issuedAt > ended.at
}

/**
 * The visitor after a request: the very same where it stands, else a new one. A new one is issued after the logout that it
 * answers, also where that lies ahead by another clock, so that one logout renews it once, whatever old cookies come
 * after it. `freshUid` is used only where the returned visitor is new.
 */
export function nextVisitor(
  current: Visitor | undefined,
  facts: VisitorFacts,
  policy: VisitorPolicy,
  now: Instant,
  freshUid: string,
): Visitor {
  if (current !== undefined && visitorStands(current, facts, policy, now)) return current
  const logout = isLogout(facts.ended) ? facts.ended.at : facts.loggedOut ? now : -Infinity
  return { uid: freshUid, issuedAt: Math.max(now, Math.min(logout, now + skew - 1) + 1) }
}

/** Seconds that the cookie of a visitor id has left, for `Max-Age`: a year when it is new, and never more. */
export function visitorMaxAge({ issuedAt }: Visitor, { visitorFor }: VisitorPolicy, now: Instant): number {
  return Math.max(0, Math.floor((Math.min(issuedAt, now) + visitorFor - now) / 1000))
}

function isLogout(ended: VisitorFacts['ended']): ended is NonNullable<VisitorFacts['ended']> {
  return ended !== null && ended.subject !== null && !continued.has(ended.reason)
}
