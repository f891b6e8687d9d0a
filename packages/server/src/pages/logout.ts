import { html, type Html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface LogoutView extends Frame {
  /** The checkbox that signs out everywhere; "Logout all Logged In Sessions?" if left out. */
  readonly globalLabel?: string | undefined
  /** The name of its parameter; `global_logout` if left out. */
  readonly globalParam?: string | undefined
}

/** `GET /logout` asks, `POST /logout` does it. The parameter is `t` where the box is checked, else absent. */
export function logout(view: LogoutView): Html {
  return page({ ...view, title: 'Sign out', width: 'narrow', body: html`` })
}
