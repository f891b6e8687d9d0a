import { html } from './html.ts'
import { type Frame, page } from './page.ts'

export interface VisitorView extends Frame {
  /** Of the institution, or of the account that its visitors share. */
  readonly name: string
}

/** The start of somebody who was let in without saying who they are. */
export function visitor({ name, ...view }: VisitorView): string {
  const body = html`<div class="card">
    <p>You are let in by ${name}.</p>
    <p>This server does not know who you are, so there is no account of your own here.</p>
    <p><a href="/login?reason=person_required">Sign in as yourself</a></p>
  </div>`
  return page({ ...view, title: 'Signed in', width: 'narrow', body })
}
