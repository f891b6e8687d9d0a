import { expectedOf } from '../settings/read-setting.ts'
import type { Setting } from '../settings/setting.ts'
import { html, type Html } from './html.ts'

export interface SettingField {
  readonly setting: Setting
  /** What is entered; empty: left to the wider layers. */
  readonly entered: string
  /** What holds in this layer now, and where that comes from. */
  readonly now: string
  readonly error?: string | undefined
}

/** A field that may be left empty, with what it does, what may be entered, what holds now, and what is wrong with it. */
export function settingField(view: SettingField): Html {
  const { setting, now, error } = view
  const { name, label, says } = setting
  const described = `${error === undefined ? '' : `${name}-error `}${name}-hint`
  const isList = setting.entry.kind === 'choice'
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <p class="hint" id="${name}-hint">
      ${says} ${!isList && html`Expected: ${expectedOf(setting)}; empty to inherit.`} Now: ${now}.
    </p>
    ${error !== undefined && html`<p class="wrong" id="${name}-error">${error}</p>`}
    ${isList ? list(view, described) : text(view, described)}
  </div>`
}

function text({ setting: { name }, entered, error }: SettingField, described: string): Html {
  return html`<input
    id="${name}"
    name="${name}"
    type="text"
    value="${entered}"
    autocomplete="off"
    autocapitalize="none"
    spellcheck="false"
    aria-describedby="${described}"
    ${error !== undefined && html` aria-invalid="true"`}
  />`
}

function list({ setting: { name, entry }, entered, error }: SettingField, described: string): Html {
  const values = entry.kind === 'choice' ? entry.values : []
  return html`<select
    id="${name}"
    name="${name}"
    aria-describedby="${described}"
    ${error !== undefined && html` aria-invalid="true"`}
  >
    <option value="">As inherited</option>
    ${values.map(
      (value) => html`<option value="${value}" ${value === entered && html` selected`}>${value}</option>`,
    )}
  </select>`
}
