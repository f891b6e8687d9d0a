import { html, type Html } from './html.ts'

export interface Choice {
  /** The name of its parameter, which is `t` where the box is checked, else absent. */
  readonly name: string
  /** The id of its element. */
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly isChosen?: boolean | undefined
}

/** A checkbox with its label and its hint. */
export function choice({ name, id, label, hint, isChosen = false }: Choice): Html {
  return html`<div class="choice">
    <input
      type="checkbox"
      id="${id}"
      name="${name}"
      value="t"
      aria-describedby="${id}-hint"
      ${isChosen && html` checked`}
    />
    <div>
      <label for="${id}">${label}</label>
      <p class="hint" id="${id}-hint">${hint}</p>
    </div>
  </div>`
}
