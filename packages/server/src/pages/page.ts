import { clientScript } from '../client-script.ts'
import { html, type Html } from './html.ts'
import { iconAddress, mark } from './mark.ts'
import { type Notice, noticeBox } from './notice.ts'
import { mainPlaces, type Place, placesAround } from './places.ts'
import { userMenu } from './user-menu.ts'
import type { Viewer } from './viewer.ts'

export type { Notice } from './notice.ts'
export type { Viewer } from './viewer.ts'

/** What every page is given beside its own. */
export interface Frame {
  /** Absent for somebody who is not signed in. */
  readonly viewer?: Viewer | undefined
  readonly notice?: Notice | undefined
}

export interface PageView extends Frame {
  /** The heading, and with the product's name the title of the window. */
  readonly title: string
  /** Says in the window's title that what was sent was refused. */
  readonly isRefusal?: boolean
  /** How much room the body asks for; a comfortable line of text if left out. */
  readonly width?: 'narrow' | 'text' | 'wide'
  /** Where in the navigation the page stands. */
  readonly place?: Place
  /** A script of its own, beside that of every page. */
  readonly script?: string | undefined
  readonly body: Html
}

/**
 * One whole document. Its script counts down to the end of the session and does without inline code, as all of it does
 * without the script.
 */
export function page(view: PageView): string {
  const { title, viewer, notice, place, body, isRefusal = false, width = 'text' } = view
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${isRefusal && 'Error: '}${title} · Sojourn</title>
        <link rel="icon" type="image/svg+xml" href="${iconAddress}" />
        <link rel="stylesheet" href="/assets/style.css" />
        ${watched(viewer)}
        <script type="module" src="${clientScript}"></script>
        ${view.script !== undefined && html`<script type="module" src="${view.script}"></script>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="bar">
          <a class="brand" href="/">${mark}Sojourn</a>
          <nav aria-label="Main">
            ${viewer ? mainPlaces(viewer, place) : html`<a href="/login">Sign in</a>`}
          </nav>
          ${viewer && userMenu(viewer)}
        </header>
        ${viewer && placesAround(viewer, place)}
        <main id="main" class="${width}" tabindex="-1">
          ${notice && noticeBox(notice)}
          <h1>${title}</h1>
          ${body}
        </main>
        <footer class="foot"><p>Sojourn</p></footer>
      </body>
    </html>`.toString()
}

/** Tells the script whose page this is and when their session ends; without a subject, that it is nobody's. */
function watched(viewer: Viewer | undefined): Html {
  const { subject, expires } = viewer?.watch ?? {}
  return html`<meta
    name="sojourn-session"
    content="${expires ?? ''}"
    ${subject !== undefined && html`data-subject="${subject}"`}
  />`
}
