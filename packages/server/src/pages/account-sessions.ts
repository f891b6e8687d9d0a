import type { Instant, Session } from 'sojourn'
import { type Device, deviceOf } from '../devices.ts'
import { deviceIcon, deviceTypeWords } from './device-icon.ts'
import { html, type Html } from './html.ts'
import { date, dateWords, distance } from './moment.ts'
import { type Frame, page } from './page.ts'

/** One of the viewer's own sessions. */
export interface OwnSession extends Pick<
  Session,
  'id' | 'ip' | 'userAgent' | 'authenticatedAt' | 'createdAt' | 'lastSeenAt'
> {
  /** The session that asks. */
  readonly isCurrent: boolean
  /** Nobody is signed in by it, and until then its device can come back without signing in; `null`: it is live. */
  readonly restorableUntil: Instant | null
}

export interface AccountSessionsView extends Frame {
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
  const { sessions, cursor, now, isLaterPage = false } = view
  const shown = sessions
    .map((session) => ({
      ...session,
      device: deviceOf(session.userAgent),
      signedInAt: session.authenticatedAt ?? session.createdAt,
    }))
    .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
  const isWhole = cursor === null && !isLaterPage
  const isAlone = isWhole && sessions.every(({ isCurrent }) => isCurrent)
  const body = html` <p class="lead">
      ${isWhole ? countWords(sessions) : 'You are signed in at these places.'} End any session that you do not
      recognise.
    </p>
    <ul class="sessions">
      ${shown.map((session) => card(session, now, shown))}
    </ul>
    ${pages(cursor, isLaterPage)} ${isAlone ? html`<p class="empty">No other sessions</p>` : endOthers}`
  return page({ ...view, title: 'Your sessions', place: '/account/sessions', body })
}

/** How many there are of both kinds, where all of them are on the page. */
function countWords(sessions: readonly OwnSession[]): string {
  const waiting = sessions.filter(({ restorableUntil }) => restorableUntil !== null).length
  const places = sessions.length - waiting
  const signedIn = `You are signed in at ${places} ${places === 1 ? 'place' : 'places'}`
  return waiting === 0 ? `${signedIn}.` : `${signedIn}, and ${waiting} more can come back without signing in.`
}

interface ShownSession extends OwnSession {
  readonly device: Device
  /** When its person signed in: before it began, where the device was remembered. */
  readonly signedInAt: Instant
}

function card(session: ShownSession, now: Instant, all: readonly ShownSession[]): Html {
  const { device, ip, isCurrent, signedInAt, lastSeenAt, restorableUntil } = session
  return html`<li class="session${isCurrent && ' current'}">
    ${deviceIcon(device.type)}
    <div class="session-words">
      <h2>
        ${device.label} ${isCurrent && html`<span class="badge good">This device</span>`}
        ${restorableUntil !== null && html`<span class="badge">Can come back</span>`}
      </h2>
      <dl class="facts">
        <div>
          <dt>Device</dt>
          <dd>${deviceTypeWords[device.type]}</dd>
        </div>
        <div>
          <dt>IP address</dt>
          <dd>${ip ?? 'Unknown'}</dd>
        </div>
        <div>
          <dt>Last activity</dt>
          <dd>${distance(isCurrent ? now : lastSeenAt, now)}</dd>
        </div>
        <div>
          <dt>Signed in</dt>
          <dd>${date(signedInAt)}</dd>
        </div>
        ${
          restorableUntil !== null &&
          html`<div>
            <dt>Without signing in until</dt>
            <dd>${date(restorableUntil)}</dd>
          </div>`
        }
      </dl>
    </div>
    ${isCurrent ? signOut : endOne(session, all)}
  </li>`
}

const signOut = html`<form method="post" action="/logout"><button type="submit">Sign out</button></form>`

/** The button's name tells it from the others: where two look the same, by when their person signed in. */
function endOne({ id, device, signedInAt }: ShownSession, all: readonly ShownSession[]): Html {
  const where = `on ${device.browser}, ${device.os}`
  const hasTwin = all.some((other) => other.id !== id && other.device.label === device.label)
  const which = hasTwin ? `${where}, signed in ${dateWords(signedInAt)}` : where
  return html`<form method="post" action="/account/sessions/${encodeURIComponent(id)}/end">
    <button type="submit" class="danger">End session<span class="hidden"> ${which}</span></button>
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

function pages(cursor: string | null, isLaterPage: boolean): Html | false {
  if (cursor === null && !isLaterPage) return false
  return html`<nav class="pages" aria-label="Pages of sessions">
    ${isLaterPage && html`<a href="/account/sessions">First page</a>`}
    ${cursor !== null && html`<a href="/account/sessions?${new URLSearchParams({ cursor }).toString()}" rel="next">Next page</a>`}
  </nav>`
}
