import { html, type Html, type Part } from './html.ts'

export interface PasskeyForm {
  readonly kind: 'create' | 'get'
  /** Where the answer is posted, as `response`. */
  readonly action: string
  /** Where the script asks for a challenge. */
  readonly options: string
  readonly fields?: Part
  readonly button: string
}

/** A form that the page's script fills with the answer of a passkey. It says so where there is no script. */
export function passkeyForm({ kind, action, options, fields, button }: PasskeyForm): Html {
  return html`<form method="post" action="${action}" data-passkey="${kind}" data-passkey-options="${options}">
    ${fields}
    <input type="hidden" name="response" />
    <p class="hint" data-passkey-still>
      Passkeys need the script of this page, which your browser has not run.
    </p>
    <p class="wrong" role="alert" data-passkey-trouble hidden></p>
    <button type="submit" data-passkey-button hidden>${button}</button>
  </form>`
}
