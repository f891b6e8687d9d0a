import type { Instant, Session } from 'sojourn'
import { isLive } from 'sojourn/core'
import { html, type Html } from './html.ts'
import { reasonOf } from './reason-words.ts'

/** The state of a session with its reason, in words and in the words that programs use. */
export function sessionState(session: Session, now: Instant): Html {
  if (session.endedAt !== null)
    return html`<span class="badge">Ended</span>
      ${session.endReason !== null && html`<small>${reasonOf(session.endReason)}</small>`}`
  if (!isLive(session, now)) return html`<span class="badge">Over</span> <small>not marked yet</small>`
  if (session.activatedAt === null) return html`<span class="badge">Pending</span>`
  return html`<span class="badge good">Live</span>`
}
