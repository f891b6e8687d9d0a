import { type EndReason, endReasons, type Instant, type Session } from 'sojourn'
import { deviceOf } from '../devices.ts'
import { liveScript } from '../live-script.ts'
import { html, type Html } from './html.ts'
import { date, distance } from './moment.ts'
import { placeWords } from '../places/place.ts'
import { option } from './option.ts'
import { pageLinks } from './page-links.ts'
import { type Frame, page } from './page.ts'
import { type PlacesShown, placesNote } from './places-note.ts'
import { reasonWords } from './reason-words.ts'
import { type SessionSearch, sessionSearch } from './session-search.ts'
import { sessionState } from './session-state.ts'

/** One line of the administrators' list. */
export interface ListedSession extends Session {
  /** The name or address of the account, where it is known. */
  readonly subjectName?: string | undefined
}

export interface SessionFilter {
  readonly subject?: string | undefined
  readonly state?: keyof typeof stateWords | undefined
  readonly reason?: EndReason | undefined
  readonly method?: string | undefined
}

export interface NovaAuthSessionsView extends Frame, PlacesShown {
  readonly now: Instant
  /** What the list was filtered by. Without a state it is `live`, and with a reason `ended`. */
  readonly filter: SessionFilter
  /** What was searched for instead, in the filter language. */
  readonly search?: SessionSearch | undefined
  /** How many an end by the filter has just ended. */
  readonly ended?: number | undefined
  readonly sessions: readonly ListedSession[]
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
  /** Whether pages lie before this one. */
  readonly isLaterPage?: boolean | undefined
}

const path = '/nova/resources/auth-sessions'

/** `GET` with `filter`, or with `subject`, `state`, `reason`, `method`, `cursor`. A field of the form that was left empty is sent empty. */
export function novaAuthSessions(view: NovaAuthSessionsView): string {
  const { sessions, filter, search = { text: '' }, ended } = view
  const isRefusal = search.fault !== undefined
  const body = html`
    ${search.text === '' && form(filter)} ${sessionSearch(search, path)}
    <p class="notice info" role="status" data-live="/api/v1/admin/events" hidden></p>
    ${!isRefusal && html`${sessions.length === 0 ? empty(view) : table(view)} ${links(view)} ${placesNote(view)}`}
    ${!isRefusal && search.text !== '' && sessions.length > 0 && endThese(search.text)}
  `
  const notice =
    ended === undefined
      ? undefined
      : ({
          kind: 'success',
          text: `${ended} ${ended === 1 ? 'session was' : 'sessions were'} ended.`,
        } as const)
  const script = liveScript
  return page({ ...view, notice, title: 'Sessions', isRefusal, width: 'wide', place: path, script, body })
}

/** Asks before it acts: the next page counts them. */
function endThese(filter: string): Html {
  return html`<form method="post" action="${path}/end">
    <input type="hidden" name="filter" value="${filter}" />
    <button type="submit">End all that match…</button>
  </form>`
}

function form({ subject, reason, method, state = usualState(reason) }: SessionFilter): Html {
  return html`<search>
    <form method="get" action="${path}" class="filters">
      <div class="field">
        <label for="subject">Subject or e-mail</label>
        <input
          id="subject"
          name="subject"
          type="text"
          value="${subject ?? ''}"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
      </div>
      <div class="field">
        <label for="state">State</label>
        <select id="state" name="state">
          ${Object.entries(stateWords).map(([name, words]) => option(name, words, state))}
        </select>
      </div>
      <div class="field">
        <label for="reason">End reason</label>
        <select id="reason" name="reason">
          ${option('', 'Any', reason ?? '')}
          ${endReasons.map((name) => option(name, `${reasonWords[name]} (${name})`, reason))}
        </select>
      </div>
      <div class="field">
        <label for="method">Sign-in method</label>
        <input
          id="method"
          name="method"
          type="text"
          value="${method ?? ''}"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
        />
      </div>
      <div class="actions">
        <button type="submit">Filter</button>
        <a href="${path}">Clear</a>
      </div>
    </form>
  </search>`
}

/** Whoever asks for a reason asks for an end. */
function usualState(reason: EndReason | undefined): 'live' | 'ended' {
  return reason === undefined ? 'live' : 'ended'
}

const stateWords = { live: 'Live', restorable: 'Can come back', ended: 'Ended', any: 'Any' } as const

function table({ sessions, now, placeOf }: NovaAuthSessionsView): Html {
  return html`<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">
    <table>
      <caption id="caption" class="hidden">
        Sessions, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col">Person and method</th>
          <th scope="col">State</th>
          <th scope="col">Device and IP address</th>
          ${placeOf !== undefined && html`<th scope="col">Place</th>`}
          <th scope="col">Last activity</th>
          <th scope="col">Began</th>
        </tr>
      </thead>
      <tbody>
        ${sessions.map((session) => row(session, now, placeOf))}
      </tbody>
    </table>
  </div>`
}

function row(session: ListedSession, now: Instant, placeOf: PlacesShown['placeOf']): Html {
  const { id, subject, subjectName, method, ip, userAgent, createdAt, lastSeenAt } = session
  return html`<tr data-session="${id}">
    <th scope="row">
      <a href="${path}/${encodeURIComponent(id)}"><code>${id}</code></a>
    </th>
    <td>${subjectName ?? subject ?? 'Guest'}<small>${method ?? 'Not signed in'}</small></td>
    <td data-session-state>${sessionState(session, now)}</td>
    <td>${deviceOf(userAgent).label}<small>${ip ?? 'Unknown'}</small></td>
    ${placeOf !== undefined && html`<td>${placeWords(placeOf(session))}</td>`}
    <td>${distance(lastSeenAt, now)}</td>
    <td>${date(createdAt)}</td>
  </tr>`
}

function empty({ filter, search, cursor, isLaterPage }: NovaAuthSessionsView): Html {
  if (cursor !== null) return html`<p class="empty">None among those looked at so far</p>`
  if (isLaterPage === true) return html`<p class="empty">No further sessions</p>`
  const isFiltered = [search?.text, filter.subject, filter.reason, filter.method].some(
    (value) => value !== undefined && value !== '',
  )
  return html`<p class="empty">${isFiltered ? 'No sessions match this filter' : 'No sessions'}</p>`
}

function links({ filter, search, cursor, isLaterPage = false }: NovaAuthSessionsView): Html | false {
  const query = { filter: search?.text, ...filter }
  return pageLinks({ of: 'sessions', path, query, cursor, isLaterPage })
}
