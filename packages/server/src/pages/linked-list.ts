import type { Session } from 'sojourn'
import type { LinkedSessions } from '../linked-sessions.ts'
import { html, type Html } from './html.ts'

const list = '/nova/resources/auth-sessions'

/** The sessions that one is linked with, as a tree: what is above it ends it too. `false`: it stands alone. */
export function linkedList({ above, below, complete }: LinkedSessions): Html | false {
  if (above.length === 0 && below.length === 0) return false
  return html`<section>
    <h2>Linked sessions</h2>
    ${above.length > 0 && html`<p>It ends with these:</p>`} ${above.length > 0 && items(above)}
    ${below.length > 0 && html`<p>These end with it${!complete && html`, the newest of them`}:</p>`}
    ${below.length > 0 && items(below)}
  </section>`
}

function items(sessions: readonly Session[]): Html {
  return html`<ul>
    ${sessions.map(
      ({ id, app, endedAt }) =>
        html`<li>
          <a href="${list}/${encodeURIComponent(id)}"><code>${id}</code></a>
          ${app !== null && html`<small>${app}</small>`} ${endedAt !== null && html`<small>ended</small>`}
        </li>`,
    )}
  </ul>`
}
