import type { Exchange } from './exchange.ts'

/** RFC 9110 9.2.1: methods that change nothing. A server must keep that promise for this protection to hold. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export function isSafe(method: string): boolean {
  return safeMethods.has(method)
}

/**
 * Whether a request may change state: it comes from this very origin. Browsers say so by Fetch Metadata, older ones by
 * `Origin` or `Referer`. A sibling subdomain (`same-site`) is another origin. Where nothing is said the client is no
 * browser of today; then it may do what needs no cookie. `origin`: this one; `null`, which no claim equals, where it is unknown. (OWASP CSRF Prevention, Fetch Metadata.)
 */
export function mayChangeState(exchange: Exchange, origin: string | null, hasCookie: boolean): boolean {
  if (isSafe(exchange.method)) return true
  const site = exchange.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const claimed = exchange.header('origin') ?? originOf(exchange.header('referer'))
  if (claimed !== undefined) return claimed === origin
  return !hasCookie
}

/** Whether a request says nothing of where it comes from, as no browser of today does. */
export function hidesOrigin(exchange: Exchange): boolean {
  return ['sec-fetch-site', 'origin', 'referer'].every((name) => exchange.header(name) === undefined)
}

function originOf(referer: string | undefined): string | undefined {
  if (referer === undefined) return undefined
  return URL.canParse(referer) ? new URL(referer).origin : 'null'
}
