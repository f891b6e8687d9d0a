import type { Instant, Millis, Session } from 'sojourn'
import { formatDuration } from 'sojourn/core'
import { deviceOf } from '../devices.ts'
import { placeWords } from '../places/place.ts'
import type { PlaceOf } from '../places/places.ts'
import { html, type Html } from './html.ts'
import { dateAndDistance } from './moment.ts'
import { reasonOf } from './reason-words.ts'

type Fact = readonly [label: string, show: (session: Session, now: Instant) => string | number | Html | null]

const moment = (of: (session: Session) => Instant | null): Fact[1] => {
  return (session, now) => {
    const at = of(session)
    return at === null ? null : dateAndDistance(at, now)
  }
}

function listOf(factors: Session['factors'], now: Instant): Html {
  return html`${factors.map(({ amr, at }) => html`<div>${amr}, ${dateAndDistance(at, now)}</div>`)}`
}

/** A span as it is written in a policy. */
const spanOf = (span: Millis): Html => html`<code>${formatDuration(span)}</code>`

/** Every property of a session, in the order in which it is read. One that is added to `Session` must be worded here to compile. */
const facts: { readonly [property in keyof Session]: Fact } = {
  id: ['Session id', ({ id }) => html`<code>${id}</code>`],
  subject: ['Subject', ({ subject }) => subject],
  actor: ['Acting person', ({ actor }) => actor],
  realm: ['Realm', ({ realm }) => realm],
  app: ['Application', ({ app }) => app],
  roles: ['Roles', ({ roles }) => (roles.length === 0 ? null : roles.join(', '))],
  method: ['Sign-in method', ({ method }) => method],
  amr: ['Proven by', ({ amr }) => (amr.length === 0 ? null : amr.join(', '))],
  assurance: ['Assurance level', ({ assurance }) => assurance],
  authenticatedAt: ['Factor verified', moment(({ authenticatedAt }) => authenticatedAt)],
  factors: [
    'Factors last verified',
    ({ factors }, now) => (factors.length === 0 ? null : listOf(factors, now)),
  ],
  restored: ['Restored by a refresh token', ({ restored }) => (restored ? 'Yes' : 'No')],
  createdAt: ['Created', moment(({ createdAt }) => createdAt)],
  activatedAt: ['Activated', moment(({ activatedAt }) => activatedAt)],
  lastSeenAt: ['Last activity', moment(({ lastSeenAt }) => lastSeenAt)],
  lag: ['Last activity is exact to', ({ lag }) => (lag === 0 ? 'The millisecond' : spanOf(lag))],
  idleTimeout: ['Idle timeout', ({ idleTimeout }) => (idleTimeout === null ? null : spanOf(idleTimeout))],
  expiresAt: ['Absolute timeout', moment(({ expiresAt }) => expiresAt)],
  regeneratedAt: ['Token replaced', moment(({ regeneratedAt }) => regeneratedAt)],
  policy: ['Policy', ({ policy }) => policy],
  fingerprint: ['Bound to its browser', ({ fingerprint }) => (fingerprint === null ? 'No' : 'Yes')],
  ip: ['IP address', ({ ip }) => ip],
  userAgent: [
    'Device',
    ({ userAgent }) =>
      userAgent === null ? null : html`${deviceOf(userAgent).label}<br /><code>${userAgent}</code>`,
  ],
  family: ['Refresh family', ({ family }) => family],
  rememberedUntil: ['Can be restored until', moment(({ rememberedUntil }) => rememberedUntil)],
  parent: ['Parent session', ({ parent }) => parent],
  revision: ['Writes to its data', ({ revision }) => revision],
  endedAt: ['Ended', moment(({ endedAt }) => endedAt)],
  endReason: ['End reason', ({ endReason }) => (endReason === null ? null : reasonOf(endReason))],
  endedBy: ['Ended by', ({ endedBy }) => endedBy],
}

/**
 * All that is kept of a session, but for its data, and where its address is. What a fingerprint was made of stays with the
 * server.
 */
export function sessionFacts(session: Session, now: Instant, placeOf?: PlaceOf): Html {
  const place: readonly Fact[] = placeOf === undefined ? [] : [['Place', (one) => placeWords(placeOf(one))]]
  const shown = Object.values(facts).flatMap((one) => (one === facts.ip ? [one, ...place] : [one]))
  return html`<dl class="facts card">
    ${shown.map(
      ([label, show]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${show(session, now) ?? none}</dd>
        </div>`,
    )}
  </dl>`
}

const none = html`<span class="muted">None</span>`
