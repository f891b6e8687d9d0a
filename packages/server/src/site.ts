import type { Config } from './config.ts'

/** How letters call this server. From its settings, never from a request: what a request says of the host is its sender's. */
export function siteOf({ url }: Pick<Config, 'url'>): string {
  return new URL(url).host
}

/** The whole address of a page, for a letter. */
export function pageAt(
  { url }: Pick<Config, 'url'>,
  path: string,
  query: { readonly [name: string]: string } = {},
): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? url + path : `${url}${path}?${search}`
}
