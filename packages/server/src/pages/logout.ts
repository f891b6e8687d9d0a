import { choice } from './choice.ts'
import { html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface LogoutView extends Frame {
  /** The checkbox that signs out everywhere; "Logout all Logged In Sessions?" if left out. */
  readonly globalLabel?: string | undefined
  /** The name of its parameter; `global_logout` if left out. */
  readonly globalParam?: string | undefined
  /** Whether others may be signed in to the same account: then there is no checkbox. */
  readonly isShared?: boolean | undefined
}

/** `GET /logout` asks, `POST /logout` does it. The parameter is `t` where the box is checked, else absent. */
export function logout(view: LogoutView): string {
  const {
    globalLabel = 'Logout all Logged In Sessions?',
    globalParam = 'global_logout',
    isShared = false,
  } = view
  const body = html` <div class="card">
    <p>You will be signed out of this browser.</p>
    <form method="post" action="/logout">
      ${
        !isShared &&
        choice({
          name: globalParam,
          id: 'global-logout',
          label: globalLabel,
          hint: 'Signs you out in every other browser and on every other device too.',
        })
      }
      <div class="actions">
        <button type="submit" class="main">Sign out</button>
        <a href="/">Stay signed in</a>
      </div>
    </form>
  </div>`
  return page({ ...view, title: 'Sign out', width: 'narrow', body })
}
