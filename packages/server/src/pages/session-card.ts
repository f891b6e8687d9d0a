import type { Instant, Session } from 'sojourn'
import { type Device, deviceOf } from '../devices.ts'
import { deviceIcon, deviceTypeWords } from './device-icon.ts'
import { html, type Html } from './html.ts'
import { date, dateWords, distance } from './moment.ts'
import { placeWords } from '../places/place.ts'
import type { PlacesShown } from './places-note.ts'

/** What a card shows of a session. */
export type CardSession = Pick<
  Session,
  'id' | 'ip' | 'userAgent' | 'authenticatedAt' | 'createdAt' | 'lastSeenAt'
>

export interface CardView extends Pick<PlacesShown, 'placeOf'> {
  readonly now: Instant
  readonly isCurrent?: boolean
  /** Nobody is signed in by it, and until then its device can come back without signing in; `null`: it is live. */
  readonly restorableUntil?: Instant | null
  /** What its person may do with it. */
  readonly action: Html
}

/** One session of a person's own list: its device, its address and its moments. */
export function sessionCard(session: CardSession, view: CardView): Html {
  const { now, isCurrent = false, restorableUntil = null, action, placeOf } = view
  const device = deviceOf(session.userAgent)
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
          <dd>${session.ip ?? 'Unknown'}</dd>
        </div>
        ${
          placeOf !== undefined &&
          html`<div>
            <dt>Place</dt>
            <dd>${placeWords(placeOf(session))}</dd>
          </div>`
        }
        <div>
          <dt>Last activity</dt>
          <dd>${distance(isCurrent ? now : session.lastSeenAt, now)}</dd>
        </div>
        <div>
          <dt>Signed in</dt>
          <dd>${date(signedInAt(session))}</dd>
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
    ${action}
  </li>`
}

/** Tells a session from the others in a button's name: where two look the same, by when their person signed in. */
export function whichOne(session: CardSession, all: readonly CardSession[]): string {
  const device: Device = deviceOf(session.userAgent)
  const where = `on ${device.browser}, ${device.os}`
  const hasTwin = all.some(
    ({ id, userAgent }) => id !== session.id && deviceOf(userAgent).label === device.label,
  )
  return hasTwin ? `${where}, signed in ${dateWords(signedInAt(session))}` : where
}

/** When its person signed in: before it began, where the device was remembered. */
function signedInAt({ authenticatedAt, createdAt }: CardSession): Instant {
  return authenticatedAt ?? createdAt
}
