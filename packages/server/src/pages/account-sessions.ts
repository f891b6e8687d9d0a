import type { Instant } from 'sojourn'
import { html, type Html } from './html.ts'
import { pageLinks } from './page-links.ts'
import { type Frame, page } from './page.ts'
import { type PlacesShown, placesNote } from './places-note.ts'
import { type CardSession, sessionCard, whichOne } from './session-card.ts'

const path = '/account/sessions'

/** One of the viewer's own sessions. */
export interface OwnSession extends CardSession {
  /** The session that asks. */
  readonly isCurrent: boolean
  /** Nobody is signed in by it, and until then its device can come back without signing in; `null`: it is live. */
  readonly restorableUntil: Instant | null
}

export interface AccountSessionsView extends Frame, PlacesShown {
  readonly now: Instant
  /** One page of them, the live ones first; the current one among them where it falls on this page. */
  readonly sessions: readonly OwnSession[]
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
  /** Whether pages lie before this one. */
  readonly isLaterPage?: boolean | undefined
}

/** `POST /account/sessions/:id/end` ends one, `POST /account/sessions/end-others` all but this one; the next page is `?cursor=`. */
export function accountSessions(view: AccountSessionsView): string {
  const { sessions, cursor, isLaterPage = false } = view
  const shown = sessions.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
  const isWhole = cursor === null && !isLaterPage
  const isAlone = isWhole && sessions.every(({ isCurrent }) => isCurrent)
  const body = html` <p class="lead">
      ${isWhole ? countWords(sessions) : 'You are signed in at these places.'} End any session that you do not
      recognise.
    </p>
    <ul class="sessions">
      ${shown.map((session) => card(session, view, shown))}
    </ul>
    ${placesNote(view)} ${pageLinks({ of: 'sessions', path, cursor, isLaterPage })}
    ${isAlone ? html`<p class="empty">No other sessions</p>` : endOthers}`
  return page({ ...view, title: 'Your sessions', place: path, body })
}

/** How many there are of both kinds, where all of them are on the page. */
function countWords(sessions: readonly OwnSession[]): string {
  const waiting = sessions.filter(({ restorableUntil }) => restorableUntil !== null).length
  const places = sessions.length - waiting
  const signedIn = `You are signed in at ${places} ${places === 1 ? 'place' : 'places'}`
  return waiting === 0 ? `${signedIn}.` : `${signedIn}, and ${waiting} more can come back without signing in.`
}

function card(session: OwnSession, { now, placeOf }: AccountSessionsView, all: readonly OwnSession[]): Html {
  const { isCurrent, restorableUntil } = session
  const action = isCurrent ? signOut : endOne(session, all)
  return sessionCard(session, { now, isCurrent, restorableUntil, action, placeOf })
}

const signOut = html`<form method="post" action="/logout"><button type="submit">Sign out</button></form>`

function endOne(session: OwnSession, all: readonly OwnSession[]): Html {
  return html`<form method="post" action="/account/sessions/${encodeURIComponent(session.id)}/end">
    <button type="submit" class="danger">
      End session<span class="hidden"> ${whichOne(session, all)}</span>
    </button>
  </form>`
}

const endOthers = html`<section class="card">
  <h2>Everywhere else</h2>
  <p>
    Signs you out in all other browsers and on all other devices. None of them can come back without signing
    in. This one stays signed in.
  </p>
  <form method="post" action="/account/sessions/end-others">
    <button type="submit" class="danger">End all other sessions</button>
  </form>
</section>`
