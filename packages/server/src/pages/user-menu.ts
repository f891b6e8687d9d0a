import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import type { Viewer } from './viewer.ts'

/**
 * The menu of the signed-in person. It opens by click, tap and Enter everywhere, and by hover and keyboard focus where the
 * browser styles `::details-content`; none of that takes a script, which only counts the time that is left.
 */
export function userMenu({ name, isAdmin, expiresAt }: Viewer): Html {
  const [first] = segmenter.segment(name.trim())
  return html`<details class="menu">
    <summary>
      <span class="avatar" aria-hidden="true">${first?.segment.toUpperCase() ?? '?'}</span>
      <span class="menu-name"><span class="hidden">Account menu of </span>${name}</span>
    </summary>
    <div class="menu-panel">
      ${
        typeof expiresAt === 'number' &&
        html`<p class="menu-note">
          <span data-session-still>Without activity you are signed out on ${date(expiresAt)}.</span>
          <span data-session-left hidden>
            Without activity you are signed out in
            <strong role="timer" aria-live="off" data-session-remaining></strong>.
          </span>
        </p>`
      }
      <ul>
        <li><a href="/account">My Account › Sign-in</a></li>
        <li><a href="/account/sessions">My Account › Sessions</a></li>
        ${isAdmin && html`<li><a href="/nova/resources/auth-sessions">Administration</a></li>`}
        <li><a href="/logout">Sign out everywhere…</a></li>
      </ul>
      <form method="post" action="/logout"><button type="submit">Sign out</button></form>
    </div>
  </details>`
}

/** A name may begin with what takes several code points to write. */
const segmenter = new Intl.Segmenter('en')
