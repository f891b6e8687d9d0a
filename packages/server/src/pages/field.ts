import { html, type Html } from './html.ts'

export interface Field {
  /** The name of its parameter, and the id of its element. */
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password' | 'tel'
  /** What a browser or a password manager may fill in here. */
  readonly autocomplete:
    | 'name'
    | 'username'
    | 'email'
    | 'tel'
    | 'current-password'
    | 'new-password'
    | 'one-time-code'
    | 'off'
  readonly value?: string | undefined
  readonly hint?: string | undefined
  readonly error?: string | undefined
  /** The id of an error that concerns more than this field. */
  readonly describedBy?: string | undefined
  readonly minLength?: number | undefined
  /** Which keyboard a touch screen shows. */
  readonly inputMode?: 'numeric' | undefined
  /** Whether it may be left empty. */
  readonly isOptional?: boolean | undefined
}

/** A field, to be filled in unless it says otherwise, with its label, its hint and what is wrong with it. A password is never given back. */
export function field(view: Field): Html {
  const { name, label, type, autocomplete, hint, error, minLength } = view
  const described = [
    error !== undefined && `${name}-error`,
    hint !== undefined && `${name}-hint`,
    view.describedBy,
  ].filter((id) => typeof id === 'string')
  const isWrong = error !== undefined || view.describedBy !== undefined
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="wrong" id="${name}-error">${error}</p>`}
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      ${[
        view.isOptional !== true && html`required`,
        type !== 'password' && view.value !== undefined && html` value="${view.value}"`,
        type !== 'text' && html` autocapitalize="none" spellcheck="false"`,
        view.inputMode !== undefined && html` inputmode="${view.inputMode}"`,
        minLength !== undefined && html` minlength="${minLength}"`,
        isWrong && html` aria-invalid="true"`,
        described.length > 0 && html` aria-describedby="${described.join(' ')}"`,
      ]}
    />
  </div>`
}

/** Carries the way back through a form. */
export function returnToField(path: string | undefined): Html | false {
  return path !== undefined && html`<input type="hidden" name="return_to" value="${path}" />`
}

/** The address of another page of the same errand, which carries the way back. */
export function withReturnTo(to: string, path: string | undefined): string {
  return path === undefined ? to : `${to}?${new URLSearchParams({ return_to: path }).toString()}`
}
