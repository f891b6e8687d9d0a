/** What a server is asked in a turn, and what it has to answer. */
export interface Requests {
  /** Whole requests of HTTP/1.1. */
  readonly texts: readonly string[]
  /** Whether each is sent once, in turn: a turn ends with the last. Otherwise a random one is next. */
  readonly once: boolean
  /** The status of every answer. */
  readonly status: number
  readonly connections: number
}

/** The page of most rows, asked for by people who are logged in. */
export function pageOf(cookies: readonly string[]): Requests {
  return {
    texts: cookies.map((cookie) => requestText('GET', '/', { cookie })),
    once: false,
    status: 200,
    connections: 64,
  }
}

export function requestText(
  method: string,
  path: string,
  headers: { readonly [name: string]: string },
  body = '',
): string {
  const all = { host: 'localhost', 'user-agent': 'bench', ...headers }
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`
}
