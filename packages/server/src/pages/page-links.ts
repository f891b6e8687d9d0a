import { html, type Html } from './html.ts'

export interface PageLinks {
  /** What the list is of, in lower case. */
  readonly of: string
  readonly path: string
  /** What the list was asked by; what is empty or left out stands in no address. */
  readonly query?: { readonly [name: string]: string | undefined }
  /** The cursor of the next page, or `null`. */
  readonly cursor: string | null
  /** Whether pages lie before this one. */
  readonly isLaterPage: boolean
}

/** The ways on from one page of a list, where there are any. */
export function pageLinks({ of, path, query = {}, cursor, isLaterPage }: PageLinks): Html | false {
  if (cursor === null && !isLaterPage) return false
  return html`<nav class="pages" aria-label="Pages of ${of}">
    ${isLaterPage && html`<a href="${address(path, query)}">First page</a>`}
    ${cursor !== null && html`<a href="${address(path, { ...query, cursor })}" rel="next">Next page</a>`}
  </nav>`
}

function address(path: string, query: NonNullable<PageLinks['query']>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, value)
  return search.size === 0 ? path : `${path}?${search.toString()}`
}
