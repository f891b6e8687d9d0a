import type { Instant, Session } from 'sojourn'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

/** One of the viewer's own sessions. */
export interface OwnSession extends Pick<Session, 'id' | 'ip' | 'userAgent' | 'createdAt' | 'lastSeenAt'> {
  /** The session that asks. */
  readonly isCurrent: boolean
}

export interface AccountSessionsView extends Frame {
  readonly now: Instant
  /** One page of them, the current one among them where it falls on this page. */
  readonly sessions: readonly OwnSession[]
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
}

/** `POST /account/sessions/:id/end` ends one, `POST /account/sessions/end-others` all but this one; the next page is `?cursor=`. */
export function accountSessions(view: AccountSessionsView): Html {
  return page({ ...view, title: 'Your sessions', place: '/account/sessions', body: html`` })
}
