import { html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface NotBelievedView extends Frame {
  /** What people know the other site by; `undefined`: it is none that is known. */
  readonly from: string | undefined
  readonly expected: string
  readonly came: string
  readonly advice: string
}

/** Somebody comes from another site with what is not believed: for them, and for whoever they ask. Nothing secret stands here. */
export function notBelieved(view: NotBelievedView): string {
  const { from, expected, came, advice } = view
  const body = html` <div class="card">
    <p>
      You were not signed in${from !== undefined && html` by ${from}`}: what came from there is not believed.
    </p>
    <dl>
      <dt>Expected</dt>
      <dd>${expected}</dd>
      <dt>Came</dt>
      <dd>${came}</dd>
      <dt>What to do</dt>
      <dd>${advice}</dd>
    </dl>
    <p><a href="/login">Go to the sign-in page</a></p>
  </div>`
  return page({ ...view, title: 'Not signed in', isRefusal: true, width: 'narrow', body })
}
