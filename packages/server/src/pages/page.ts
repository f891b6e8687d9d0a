import type { Instant } from 'sojourn'
import { html, type Html } from './html.ts'

/** Who looks at the page. */
export interface Viewer {
  readonly name: string
  /** Super Admins see the way to the administration. */
  readonly isAdmin: boolean
  /** When the viewer is signed out if no further request comes. */
  readonly expiresAt?: Instant | null | undefined
}

export interface Notice {
  readonly kind: 'info' | 'error' | 'success'
  readonly text: string
}

/** What every page is given beside its own. */
export interface Frame {
  /** Absent for somebody who is not signed in. */
  readonly viewer?: Viewer | undefined
  readonly notice?: Notice | undefined
}

export interface PageView extends Frame {
  readonly title: string
  /** How much room the body asks for; a comfortable line of text if left out. */
  readonly width?: 'narrow' | 'text' | 'wide'
  /** The path of the place in the main navigation that the page belongs to. */
  readonly place?: string
  readonly body: Html
}

/** One whole document. It carries no script and no inline style, so the strictest content policy fits it. */
export function page({ title, body, notice }: PageView): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <title>${title}</title>
      </head>
      <body>
        ${notice?.text}${body}
      </body>
    </html>`
}
