import { html } from './html.ts'
import { type Frame, page } from './page.ts'

/** Shown for a moment, or for as long as a browser does not go on by itself. `to` is one of the applications. */
export function continuePage({ to, ...view }: Frame & { readonly to: string }): string {
  const body = html`<div class="card">
    <p><a href="${to}">Go on to ${new URL(to).host}</a></p>
  </div>`
  return page({ ...view, title: 'One moment', width: 'narrow', body })
}
