import { returnToField } from './field.ts'
import { html, type Html, type Part } from './html.ts'
import { noticeBox } from './notice.ts'
import { type Frame, page } from './page.ts'

export interface FormPage extends Frame {
  readonly title: string
  /** What the form is for, as a sentence or several. */
  readonly lead: Part
  /** Where it is posted. */
  readonly action: string
  readonly fields?: readonly Part[]
  readonly button: string
  /** Whether what it does cannot be undone. */
  readonly isDangerous?: boolean
  /** The way out, beside the button. */
  readonly cancel?: string | undefined
  /** Why what was sent was refused, as a sentence. A field points here by `form-error`. */
  readonly error?: string | undefined
  /** Whose password is typed: for password managers, which keep the two together. */
  readonly username?: string | undefined
  readonly hidden?: { readonly [name: string]: string | undefined }
  readonly returnTo?: string | undefined
  readonly aside?: Part
}

/** The id of what was wrong with the form as a whole. */
export const formError = 'form-error'

/** A page with one form and one thing to do. */
export function formPage(view: FormPage): string {
  const { title, lead, action, fields = [], error, returnTo, aside } = view
  const body = html` <div class="card">
      ${error !== undefined && noticeBox({ kind: 'error', text: error }, formError)}
      <p>${lead}</p>
      <form method="post" action="${action}">
        ${usernameField(view)} ${fields} ${hiddenFields(view)} ${returnToField(returnTo)}
        <div class="actions">
          ${button(view)} ${view.cancel !== undefined && html`<a href="${view.cancel}">Cancel</a>`}
        </div>
      </form>
    </div>
    ${aside !== undefined && html`<p class="aside">${aside}</p>`}`
  return page({ ...view, title, isRefusal: error !== undefined, width: 'narrow', body })
}

function button({ button: name, isDangerous = false }: FormPage): Html {
  return isDangerous
    ? html`<button type="submit" class="danger">${name}</button>`
    : html`<button type="submit" class="main">${name}</button>`
}

function usernameField({ username }: FormPage): Html | false {
  return (
    username !== undefined &&
    html`<div hidden>
      <label for="username">E-mail</label>
      <input id="username" type="text" autocomplete="username" value="${username}" readonly />
    </div>`
  )
}

function hiddenFields({ hidden = {} }: FormPage): readonly Part[] {
  return Object.entries(hidden).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}" />`,
  )
}
