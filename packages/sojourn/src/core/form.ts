import { formatDuration } from './duration.ts'
import { type Options, spanOrNull } from './option.ts'
import type { AbsoluteTimeoutPolicy } from './rules/absolute-timeout.ts'
import { idleTimeoutFor, type IdleTimeoutPolicy } from './rules/idle-timeout.ts'
import type { Instant, Json, Millis } from './session.ts'

export interface FormPolicy {
  /** How long one page of a started form may take; `null`: as long as the session lives. */
  readonly formTimeout: Millis | null
}

export const formOptions = {
  formTimeout: spanOrNull(null, 'How long one page of a started form may take; less than the idle timeout.'),
} satisfies Options<FormPolicy>

/**
 * Must be given to run with forms that may take longer than their session: whoever is slow then loses the session first,
 * and is told so instead of that the page was late. A symbol, so that no configuration file can carry it.
 */
export const dangerouslyAllowLongForms: unique symbol = Symbol('dangerouslyAllowLongForms')

type Lifetimes = FormPolicy & IdleTimeoutPolicy & AbsoluteTimeoutPolicy

/** A form that may take longer than its session would lose the answers with the wrong message. */
export function formConflict(
  policy: Lifetimes,
  allowed = false,
): readonly [key: string, expected: string] | undefined {
  const { formTimeout, absoluteTimeout } = policy
  if (formTimeout === null || allowed) return undefined
  const idle = policy.idleTimeoutMax ?? policy.idleTimeout
  if (idle !== null && formTimeout >= idle)
    return ['formTimeout', `less than the session's idle time of ${formatDuration(idle)}`]
  if (absoluteTimeout !== null && formTimeout >= absoluteTimeout)
    return ['formTimeout', `less than the session's whole life of ${formatDuration(absoluteTimeout)}`]
  return undefined
}

/** What to tell whoever runs this where a page may take longer than some session lives unused; `undefined`: it may not. */
export function formWarning(policy: Lifetimes): string | undefined {
  const { formTimeout, absoluteTimeout } = policy
  // A guest's session is the first to end.
  const shortest = Math.min(idleTimeoutFor(null, policy) ?? Infinity, absoluteTimeout ?? Infinity)
  if (formTimeout === null || formTimeout < shortest) return undefined
  return (
    `policy.formTimeout is ${formatDuration(formTimeout)}, but a session may end after ${formatDuration(shortest)}: ` +
    'who takes longer for a page loses the session with it, and is told session_lost instead of form_timeout'
  )
}

/** What a session keeps of a form that was started: the first page has been answered. Plain JSON. */
export type FormState = {
  readonly startedAt: Instant
  /** The page that was answered last, from 1. */
  readonly page: number
  /** When it was answered: the time for the next page runs from here. */
  readonly answeredAt: Instant
}

/** One page that somebody submits. */
export interface FormSubmit {
  /** Which page, from 1. */
  readonly page: number
  /** What the session that began the form keeps of it, live or ended; `undefined`: nothing, or no session is known. */
  readonly state: FormState | undefined
  /** When that session ended, as its record says; `null`: it is live, or there was none. */
  readonly endedAt: Instant | null
}

/**
 * `in_time`: take the answers. `form_timeout`: the page came too late. `session_lost`: the session that held the answers
 * ended before the page was late. The latter two are told to people in different words: `formSentences`.
 */
export type FormVerdict = 'in_time' | 'form_timeout' | 'session_lost'

/** The last moment at which the next page is in time, over one millisecond later; `null`: as long as the session lives. */
export function formDeadline(state: FormState, { formTimeout }: FormPolicy): Instant | null {
  return formTimeout === null ? null : state.answeredAt + formTimeout
}

/**
 * Judges one page by the moment at which it was submitted, never before. The first page begins the form and is never late:
 * it may stay open as long as its session lives, and whoever comes back to it begins anew. Of a deadline and the end of the
 * session the one that came first gives the message.
 */
export function judgeForm(
  { page, state, endedAt }: FormSubmit,
  policy: FormPolicy,
  now: Instant,
): FormVerdict {
  if (page > 1 && state === undefined) return 'session_lost'
  const deadline = page === 1 || state === undefined ? null : formDeadline(state, policy)
  if (endedAt !== null) return deadline !== null && deadline < endedAt ? 'form_timeout' : 'session_lost'
  return deadline === null || now <= deadline ? 'in_time' : 'form_timeout'
}

/** What to keep once a page was in time: its answer restarts the time for the next. */
export function formAfter({ page, state }: Pick<FormSubmit, 'page' | 'state'>, now: Instant): FormState {
  if (page === 1 || state === undefined) return { startedAt: now, page, answeredAt: now }
  return { startedAt: state.startedAt, page, answeredAt: Math.max(state.answeredAt, now) }
}

/** The state in a session's data; `undefined` for anything else that may stand there. */
export function readFormState(kept: Json | undefined): FormState | undefined {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return undefined
  const { startedAt, page, answeredAt } = kept as { readonly [key: string]: Json }
  if (!isCount(startedAt) || !isCount(page) || !isCount(answeredAt)) return undefined
  return { startedAt, page, answeredAt }
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
