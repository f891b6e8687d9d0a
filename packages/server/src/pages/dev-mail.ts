import type { Received } from '../mail/mailbox.ts'
import { html, type Html } from './html.ts'
import { date } from './moment.ts'
import { type Frame, page } from './page.ts'

export interface DevMailView extends Frame {
  /** The newest first. */
  readonly letters: readonly Received[]
  /** The origin whose addresses may be followed from here. */
  readonly url: string
}

/** What a demo has sent. */
export function devMail(view: DevMailView): string {
  const { letters, url } = view
  const body = html` <p class="lead">A demo sends no letters: here is what people would have got.</p>
    ${
      letters.length === 0
        ? html`<p class="empty">No letters yet</p>`
        : letters.map(
            ({ to, subject, text, at }) =>
              html`<article class="card">
                <h2>${subject}</h2>
                <p class="muted">To ${to}, ${date(at)}</p>
                ${text
                  .trim()
                  .split('\n\n')
                  .map((paragraph) => html`<p class="letter">${linked(paragraph, url)}</p>`)}
              </article>`,
          )
    }`
  return page({ ...view, title: 'Letters of the demo', body })
}

function linked(paragraph: string, url: string): Html | string {
  return URL.canParse(paragraph) && new URL(paragraph).origin === url
    ? html`<a href="${paragraph}">${paragraph}</a>`
    : paragraph
}
