import type { Instant, Session } from 'sojourn'
import { type Device, deviceOf } from '../devices.ts'
import { deviceIcon, deviceTypeWords } from './device-icon.ts'
import { html, type Html } from './html.ts'
import { date, dateWords, distance } from './moment.ts'
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
  /** Whether pages lie before this one. */
  readonly isLaterPage?: boolean | undefined
}

/** `POST /account/sessions/:id/end` ends one, `POST /account/sessions/end-others` all but this one; the next page is `?cursor=`. */
export function accountSessions(view: AccountSessionsView): string {
  const { sessions, cursor, now, isLaterPage = false } = view
  const shown = sessions
    .map((session) => ({ ...session, device: deviceOf(session.userAgent) }))
    .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
  const isAlone = sessions.every(({ isCurrent }) => isCurrent) && cursor === null && !isLaterPage
  const body = html` <p class="lead">
      You are signed in at these places. End any session that you do not recognise.
    </p>
    <ul class="sessions">
      ${shown.map((session) => card(session, now, shown))}
    </ul>
    ${pages(cursor, isLaterPage)} ${isAlone ? html`<p class="empty">No other sessions</p>` : endOthers}`
  return page({ ...view, title: 'Your sessions', place: '/account/sessions', body })
}

interface ShownSession extends OwnSession {
  readonly device: Device
}

function card(session: ShownSession, now: Instant, all: readonly ShownSession[]): Html {
  const { device, ip, isCurrent, createdAt, lastSeenAt } = session
  return html`<li class="session${isCurrent && ' current'}">
    ${deviceIcon(device.type)}
    <div class="session-words">
      <h2>${device.label} ${isCurrent && html`<span class="badge good">This device</span>`}</h2>
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
          <dd>${date(createdAt)}</dd>
        </div>
      </dl>
    </div>
    ${isCurrent ? signOut : endOne(session, all)}
  </li>`
}

const signOut = html`<form method="post" action="/logout"><button type="submit">Sign out</button></form>`

/** The button's name tells it from the others: where two look the same, by when they began. */
function endOne({ id, device, createdAt }: ShownSession, all: readonly ShownSession[]): Html {
  const where = `on ${device.browser}, ${device.os}`
  const hasTwin = all.some((other) => other.id !== id && other.device.label === device.label)
  const which = hasTwin ? `${where}, signed in ${dateWords(createdAt)}` : where
  return html`<form method="post" action="/account/sessions/${encodeURIComponent(id)}/end">
    <button type="submit" class="danger">End session<span class="hidden"> ${which}</span></button>
  </form>`
}

const endOthers = html`<section class="card">
  <h2>Everywhere else</h2>
  <p>Signs you out in all other browsers and on all other devices. This one stays signed in.</p>
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
