import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export type MessageStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503

export interface MessageView extends Frame {
  readonly status: MessageStatus
  /** Takes the place of the usual sentence about what happened. */
  readonly text?: string | undefined
}

/** What went wrong, and what to do now. */
export function message(view: MessageView): Html {
  return page({ ...view, title: String(view.status), width: 'narrow', body: html`` })
}
