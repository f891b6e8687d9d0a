import type { Instant, Millis } from '../core/session.ts'
import type { Expiry } from './expiry.ts'

/**
 * What a page knows of the end of its session, as plain data. Every function here is pure: `at` is the page's own clock,
 * which may be wrong by any amount, since only the server's moments are compared with each other.
 */
export interface Countdown {
  readonly expiry: Expiry
  /** The server's clock minus the page's, as the last answer showed it. */
  readonly ahead: Millis
  /** From which moment of the server's clock the person is warned; `null`: never. */
  readonly warnAt: Instant | null
  /** How often in a row the server could not be asked. */
  readonly failures: number
  /** Before this moment of the page's clock the server is not asked again. */
  readonly restUntil: Instant
}

/** What the server said, and when the page heard it, by the page's clock. */
export interface Heard {
  readonly expiry: Expiry
  readonly at: Instant
}

/**
 * `counting`: there is time. `warning`: little is left, and a person can still say that they are there. `due`: the last
 * valid moment has passed, by what this page knows; another tab or device may know better, so the server is asked.
 */
export type Phase = 'counting' | 'warning' | 'due'

/** People who need longer must have 20 seconds to answer (WCAG 2.2, criterion 2.2.1). */
const leastWarning = 20_000
const longestRest = 30_000

/** The last valid moment by the server's clock; `null`: there is none. */
export function deadlineOf({ idle, absolute }: Expiry): Instant | null {
  if (idle === null || absolute === null) return idle ?? absolute
  return Math.min(idle, absolute)
}

/**
 * Of two answers the one that the server gave later holds, in whatever order they arrive. A warning lasts `warnBefore`, and
 * never more than a third of the time that the answer left, unless that were less than 20 seconds.
 */
export function heard(known: Countdown | undefined, { expiry, at }: Heard, warnBefore: Millis): Countdown {
  if (known !== undefined && expiry.now < known.expiry.now) return known
  const deadline = deadlineOf(expiry)
  const isSame = known !== undefined && deadlineOf(known.expiry) === deadline
  return {
    expiry,
    ahead: expiry.now - at,
    warnAt: isSame ? known.warnAt : warnAt(deadline, expiry.now, warnBefore),
    failures: 0,
    // What an answer leaves due is asked for again, but not in a storm.
    restUntil: deadline !== null && expiry.now > deadline ? at + 1_000 : at,
  }
}

function warnAt(deadline: Instant | null, now: Instant, warnBefore: Millis): Instant | null {
  if (deadline === null) return null
  return deadline - Math.min(warnBefore, Math.max(leastWarning, Math.floor((deadline - now) / 3)))
}

/** The server could not be asked: the next attempt comes after 1, 2, 4 … and at most 30 seconds. */
export function failed(countdown: Countdown, at: Instant): Countdown {
  const rest = Math.min(1_000 * 2 ** countdown.failures, longestRest)
  return { ...countdown, failures: countdown.failures + 1, restUntil: at + rest }
}

/** The page's clock was set, or the computer slept: what was put off until later on that clock is due now. */
export function jumped(countdown: Countdown, at: Instant): Countdown {
  return { ...countdown, failures: 0, restUntil: at }
}

/** How long the session has left; 0 at its last valid moment and ever after; `null`: it does not end by itself. */
export function remaining({ expiry, ahead }: Countdown, at: Instant): Millis | null {
  const deadline = deadlineOf(expiry)
  return deadline === null ? null : Math.max(0, deadline - (at + ahead))
}

/** The session is valid at its deadline, and over one millisecond later. */
export function phaseOf({ expiry, ahead, warnAt }: Countdown, at: Instant): Phase {
  const deadline = deadlineOf(expiry)
  const now = at + ahead
  if (deadline !== null && now > deadline) return 'due'
  return warnAt !== null && now >= warnAt ? 'warning' : 'counting'
}

/** Whether the server is to be asked now. */
export function asks(countdown: Countdown, at: Instant): boolean {
  return phaseOf(countdown, at) === 'due' && at >= countdown.restUntil
}

/** Whether staying helps: the whole life of a session is not made longer by anything. */
export function isExtendable({ idle, absolute }: Expiry): boolean {
  return idle !== null && (absolute === null || idle < absolute)
}

/** How long nothing changes but the time that is shown; `null`: nothing will, by itself. */
export function untilChange(countdown: Countdown, at: Instant): Millis | null {
  const { expiry, ahead, warnAt, restUntil } = countdown
  const deadline = deadlineOf(expiry)
  if (deadline === null) return null
  const now = at + ahead
  if (now > deadline) return Math.max(0, restUntil - at)
  return (warnAt !== null && now < warnAt ? warnAt : deadline + 1) - now
}
