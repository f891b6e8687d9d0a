import type { Instant, Session } from 'sojourn'
import type { Explanation } from 'sojourn/core'
import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface NovaAuthSessionView extends Frame {
  readonly now: Instant
  readonly session: Session
  /** The name or address of the account, where it is known. */
  readonly subjectName?: string | undefined
  /** What each rule says about it now; absent where it cannot be asked. */
  readonly explanation?: Explanation | undefined
  /** Whether it is the session of the viewer. */
  readonly isCurrent?: boolean | undefined
}

/** `POST /nova/resources/auth-sessions/:id/end` ends it. */
export function novaAuthSession(view: NovaAuthSessionView): Html {
  return page({
    ...view,
    title: 'Session',
    width: 'wide',
    place: '/nova/resources/auth-sessions',
    body: html``,
  })
}
