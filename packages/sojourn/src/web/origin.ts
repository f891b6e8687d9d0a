import type { Exchange } from './exchange.ts'

/** How many proxies stand in front, each adding itself to the `X-Forwarded-` headers. 0: those headers are not believed. */
export type TrustProxy = number

export interface Origin {
  readonly scheme: string
  /** Host and port, as the client named them. */
  readonly host: string
  readonly origin: string
}

/** The origin that the client spoke to: what the connection says, or what trusted proxies say of it. */
export function originOf(exchange: Exchange, trustProxy: TrustProxy): Origin {
  const url = new URL(exchange.url)
  const proto = trustProxy > 0 ? nthFromEnd(exchange.header('x-forwarded-proto'), trustProxy) : undefined
  const forwarded = trustProxy > 0 ? nthFromEnd(exchange.header('x-forwarded-host'), trustProxy) : undefined
  const scheme = proto === 'https' || proto === 'http' ? proto : url.protocol.slice(0, -1)
  const host = forwarded ?? url.host
  const origin = URL.canParse(`${scheme}://${host}`) ? new URL(`${scheme}://${host}`).origin : url.origin
  return { scheme, host, origin }
}

/** The client's address: the peer's, or the one that the outermost trusted proxy saw. */
export function addressOf(exchange: Exchange, trustProxy: TrustProxy): string | null {
  const forwarded = trustProxy > 0 ? nthFromEnd(exchange.header('x-forwarded-for'), trustProxy) : undefined
  return forwarded ?? exchange.ip ?? null
}

/** Loopback names count as secure contexts in browsers, so `Secure` cookies work there over plain HTTP. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return (
    name === 'localhost' || name.endsWith('.localhost') || /^127(?:\.\d+){3}$/.test(name) || name === '[::1]'
  )
}

/** A list header is written left to right, each proxy adding at its end; only the last entries are by trusted hands. */
function nthFromEnd(list: string | undefined, count: number): string | undefined {
  const entries = list?.split(',').map((entry) => entry.trim())
  const entry = entries?.[Math.max(0, entries.length - count)]
  return entry === '' ? undefined : entry
}
