import type { Instant, Session } from 'sojourn'
import type { Explanation } from 'sojourn/core'
import type { LinkedSessions } from '../linked-sessions.ts'
import { stateOf } from '../session-state.ts'
import { html, type Html } from './html.ts'
import { linkedList } from './linked-list.ts'
import { integrationAt } from './nova-integrations.ts'
import { type Frame, page } from './page.ts'
import { type PlacesShown, placesNote } from './places-note.ts'
import { ruleTable } from './rule-table.ts'
import { sessionFacts } from './session-facts.ts'
import { sessionState, untilWords } from './session-state.ts'

export interface NovaAuthSessionView extends Frame, PlacesShown {
  readonly now: Instant
  readonly session: Session
  /** The name or address of the account, where it is known. */
  readonly subjectName?: string | undefined
  /** What each rule says about it now; absent where it cannot be asked. */
  readonly explanation?: Explanation | undefined
  /** The integration whose word it stands on, by id. */
  readonly integration?: string | undefined
  /** What it is linked with. */
  readonly links?: LinkedSessions | undefined
  /** Whether it is the session of the viewer. */
  readonly isCurrent?: boolean | undefined
}

const list = '/nova/resources/auth-sessions'

/** `POST /nova/resources/auth-sessions/:id/end` ends it. */
export function novaAuthSession(view: NovaAuthSessionView): string {
  const { session, now, explanation, subjectName, links, integration } = view
  const body = html`
    <p><a href="${list}">All sessions</a></p>
    <p>${subjectName ?? session.subject ?? 'Guest'} ${sessionState(session, now)}</p>
    ${integration !== undefined && html`<p>Begun by the integration <a href="${integrationAt(integration)}">${integration}</a></p>`}
    ${stateOf(session, now) !== 'ended' && endForm(view)}
    <section>
      <h2>What is known</h2>
      ${sessionFacts(session, now, view.placeOf)} ${placesNote(view)}
    </section>
    ${links !== undefined && linkedList(links)}
    <p>
      <a href="/nova/policies/effective?session=${encodeURIComponent(session.id)}"
        >What holds for it, and why</a
      >
    </p>
    ${
      explanation &&
      html`<section>
        <h2>What the rules say</h2>
        ${ruleTable(explanation, now)}
      </section>`
    }
  `
  return page({ ...view, title: 'Session', width: 'wide', place: list, body })
}

/** Asks before it acts: the button appears once the line above it was opened. */
function endForm({ session, now, subjectName, isCurrent = false }: NovaAuthSessionView): Html {
  const whose = subjectName ?? session.subject
  const consequence =
    stateOf(session, now) === 'restorable'
      ? html`${whose} is not signed in there, and could come back ${untilWords(session)}. After this, only by
        signing in.`
      : html`${whose === null ? 'The guest loses' : html`${whose} is signed out there and loses`} what was not
        saved.`
  return html`<details class="ask">
    <summary>End this session…</summary>
    <div class="card">
      <p>
        ${consequence} It cannot be undone.
        ${isCurrent && html`<strong>This is your own session: you will be signed out.</strong>`}
      </p>
      <form method="post" action="${list}/${encodeURIComponent(session.id)}/end">
        <div class="field">
          <label for="note">Note</label>
          <p class="hint" id="note-hint">For the log alone. May be left empty.</p>
          <input
            id="note"
            name="note"
            type="text"
            maxlength="200"
            autocomplete="off"
            aria-describedby="note-hint"
          />
        </div>
        <button type="submit" class="danger">End session</button>
      </form>
    </div>
  </details>`
}
