import { html, type Html } from './html.ts'

/** One of a list to choose from. */
export function option(value: string, words: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen && html` selected`}>${words}</option>`
}
