import type { Choice, Instant } from 'sojourn'
import { returnToField } from './field.ts'
import { html, type Html } from './html.ts'
import { noticeBox } from './notice.ts'
import { page } from './page.ts'
import { type PlacesShown, placesNote } from './places-note.ts'
import { type CardSession, sessionCard, whichOne } from './session-card.ts'

export interface ChooseView extends PlacesShown {
  readonly now: Instant
  readonly choice: Choice
  /** Where to go afterwards: a path that has been checked. */
  readonly returnTo?: string | undefined
  /** Why the last choice did not do, as a sentence. */
  readonly error?: string | undefined
}

/**
 * `POST /login/choose` with `end` (the id of a session; absent where there is room by now) and `return_to`. `POST /logout`
 * gives the sign-in up.
 */
export function choose(view: ChooseView): string {
  const { choice, now, returnTo, error, placeOf } = view
  const { sessions, toEnd } = choice
  const body = html` ${error !== undefined && noticeBox({ kind: 'error', text: error })}
    <p class="lead">${lead(choice)}</p>
    ${
      toEnd === 0
        ? html`<form method="post" action="/login/choose">
            ${returnToField(returnTo)}<button type="submit" class="main">Go on signing in</button>
          </form>`
        : html`<ul class="sessions">
              ${sessions.map((session) =>
                sessionCard(session, { now, action: endThis(session, choice, returnTo), placeOf }),
              )}
            </ul>
            ${placesNote(view)}`
    }
    <form method="post" action="/logout"><button type="submit">Do not sign in</button></form>`
  return page({ title: 'Choose a session to end', isRefusal: error !== undefined, body })
}

function lead({ sessions, toEnd }: Choice): string {
  if (toEnd === 0) return 'There is room for another session now.'
  const most = sessions.length - toEnd + 1
  const places = `You may be signed in at ${most} ${most === 1 ? 'place' : 'places'} at once.`
  return `${places} To sign in here, end ${toEnd === 1 ? 'one of these sessions' : `${toEnd} of these sessions`}. That browser is told at its next request.`
}

function endThis(session: CardSession, { sessions, toEnd }: Choice, returnTo: string | undefined): Html {
  return html`<form method="post" action="/login/choose">
    <input type="hidden" name="end" value="${session.id}" />${returnToField(returnTo)}
    <button type="submit" class="danger">
      ${toEnd === 1 ? 'End it and sign in' : 'End session'}<span class="hidden">
        ${whichOne(session, sessions)}</span
      >
    </button>
  </form>`
}
