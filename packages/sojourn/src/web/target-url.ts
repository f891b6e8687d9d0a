/** The scheme of a URL whose host could not be read: such a URL has a path, and no origin (`URL.origin` is `null`). */
const nowhere = 'unknown://unknown'

/** What may stand in a Host header, and nothing that a URL would take for a user, a path or a query. */
const readableHost = /^(?:\[[\da-f:.]+\]|[^\s/?#@\\:[\]]+)(?::\d*)?$/i

export function isReadableHost(host: string): boolean {
  return readableHost.test(host) && URL.canParse(`http://${host}`)
}

/**
 * The URL that a request is for (RFC 9112 3.3). A target in absolute form is the URL, whatever the Host header says (3.2.2).
 * Where the host cannot be read, or none was named, what comes out is equal to no origin.
 */
export function targetUrl(target: string, host: string | undefined, scheme: 'http' | 'https'): string {
  if (/^https?:\/\//i.test(target)) {
    const url = URL.parse(target)
    return url === null || url.username !== '' || url.password !== '' ? `${nowhere}/` : url.href
  }
  // `OPTIONS *` is about the whole server; all else that is no path names none either (3.2.3, 3.2.4).
  const path = target.startsWith('/') ? target : '/'
  const named = host !== undefined && isReadableHost(host) && (path === target || target === '*')
  for (const base of named ? [`${scheme}://${host}`, nowhere] : [nowhere])
    if (URL.canParse(base + path)) return base + path
  return `${nowhere}/`
}
