import type { Instant, Session } from 'sojourn'
import { stateOf } from '../session-state.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import { reasonOf } from './reason-words.ts'

/** The state of a session with its reason, in words and in the words that programs use. */
export function sessionState(session: Session, now: Instant): Html {
  switch (stateOf(session, now)) {
    case 'ended':
      return html`<span class="badge">Ended</span>
        ${session.endReason !== null && html`<small>${reasonOf(session.endReason)}</small>`}`
    case 'restorable':
      return html`<span class="badge">Can come back</span> <small>${untilWords(session)}</small>`
    case 'over':
      return html`<span class="badge">Over</span> <small>not marked yet</small>`
    case 'pending':
      return html`<span class="badge">Pending</span>`
    case 'live':
      return html`<span class="badge good">Live</span>`
  }
}

/** Until when a session can come back by itself. */
export function untilWords({ rememberedUntil }: Pick<Session, 'rememberedUntil'>): Html | false {
  return rememberedUntil !== null && html`until ${date(rememberedUntil)}`
}
