import type { KindField } from '../integrations/integration-kind.ts'
import { html, type Html } from './html.ts'

export interface EnteredKindField {
  readonly field: KindField
  readonly entered: string
  readonly error?: string | undefined
  /** Whether a secret is kept for it by now. */
  readonly isKept?: boolean | undefined
}

/** A field of the form of an integration, with what it is for and what is wrong with it. */
export function kindField({ field, entered, error, isKept = false }: EnteredKindField): Html {
  const { name, label, hint, type } = field
  const described = `${error === undefined ? '' : `${name}-error `}${name}-hint`
  const attributes = html` id="${name}" name="${name}"
  aria-describedby="${described}"${error !== undefined && html` aria-invalid="true"`}`
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <p class="hint" id="${name}-hint">${hint} ${isKept && 'One is kept; leave it empty to keep it.'}</p>
    ${error !== undefined && html`<p class="wrong" id="${name}-error">${error}</p>`}
    ${type === 'choice' ? list(field, entered, attributes) : type === 'lines' ? lines(entered, attributes) : text(field, entered, attributes)}
  </div>`
}

function list({ choices = [] }: KindField, entered: string, attributes: Html): Html {
  return html`<select${attributes}>
    ${choices.map(
      ({ value, label }) =>
        html`<option value="${value}" ${value === entered && html` selected`}>${label}</option>`,
    )}
  </select>`
}

function lines(entered: string, attributes: Html): Html {
  const rows = Math.min(20, Math.max(3, entered.split('\n').length + 1))
  return html`<textarea${attributes} rows="${rows}" autocomplete="off" autocapitalize="none" spellcheck="false">
${entered}</textarea
  >`
}

function text({ type, isSecret }: KindField, entered: string, attributes: Html): Html {
  return html`<input
    ${attributes}
    type="${isSecret === true ? 'password' : 'text'}"
    value="${entered}"
    autocomplete="off"
    autocapitalize="none"
    spellcheck="false"
    ${type === 'limit' && html` inputmode="numeric"`}
  />`
}
