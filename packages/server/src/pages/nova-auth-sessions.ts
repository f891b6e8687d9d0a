import type { EndReason, Instant, Session } from 'sojourn'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

/** One line of the administrators' list. */
export interface ListedSession extends Pick<
  Session,
  | 'id'
  | 'subject'
  | 'method'
  | 'ip'
  | 'userAgent'
  | 'createdAt'
  | 'activatedAt'
  | 'lastSeenAt'
  | 'lag'
  | 'idleTimeout'
  | 'expiresAt'
  | 'endedAt'
  | 'endReason'
> {
  /** The name or address of the account, where it is known. */
  readonly subjectName?: string | undefined
}

export interface SessionFilter {
  readonly subject?: string | undefined
  readonly state?: 'live' | 'ended' | 'any' | undefined
  readonly reason?: EndReason | undefined
  readonly method?: string | undefined
}

export interface NovaAuthSessionsView extends Frame {
  readonly now: Instant
  /** What the list was filtered by. */
  readonly filter: SessionFilter
  readonly sessions: readonly ListedSession[]
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
  /** Whether pages lie before this one. */
  readonly isLaterPage?: boolean | undefined
}

/** `GET /nova/resources/auth-sessions` with `subject`, `state`, `reason`, `method`, `cursor`; what was left empty is sent empty. */
export function novaAuthSessions(view: NovaAuthSessionsView): Html {
  return page({
    ...view,
    title: 'Sessions',
    width: 'wide',
    place: '/nova/resources/auth-sessions',
    body: html``,
  })
}
