import { html, type Html } from './html.ts'

/** Something that happened, told once at the head of a page. */
export interface Notice {
  readonly kind: 'info' | 'error' | 'success'
  readonly text: string
}

/** Errors interrupt a screen reader; the rest waits its turn. `id` lets a field point here. */
export function noticeBox({ kind, text }: Notice, id?: string): Html {
  const role = kind === 'error' ? 'alert' : 'status'
  return html`<div class="notice ${kind}" role="${role}" ${id !== undefined && html` id="${id}"`}>
    <p>${text}</p>
  </div>`
}
