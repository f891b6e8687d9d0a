import { html } from './html.ts'
import { type Frame, page } from './page.ts'

/** The one page that ever shows them. */
export function recoveryCodes(view: Frame & { readonly codes: readonly string[] }): string {
  const body = html` <p class="lead">
      With one of these codes you get in when you have lost your app or your passkey. Each is good once. Keep
      them where nobody else finds them: they are not shown again.
    </p>
    <div class="card">
      <ol class="codes">
        ${view.codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ol>
      <p><a href="/account/security">I have written them down</a></p>
    </div>`
  return page({ ...view, title: 'Your recovery codes', place: '/account/security', body })
}
