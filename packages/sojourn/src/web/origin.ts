import type { Exchange } from './exchange.ts'
import { isReadableHost } from './target-url.ts'

/** How many proxies stand in front, each adding itself to the `X-Forwarded-` headers. 0: those headers are not believed. */
export type TrustProxy = number

export interface Origin {
  readonly scheme: string
  /** Host and port, as the client named them. */
  readonly host: string
  /** `null` where scheme or host could not be read: equal to no origin that a client claims. */
  readonly origin: string | null
}

/** The origin that the client spoke to: what the connection says, or what trusted proxies say of it. */
export function originOf(exchange: Exchange, trustProxy: TrustProxy): Origin {
  const seen = new URL(exchange.url)
  if (trustProxy === 0) return partsOf(seen)
  const proto = nthFromEnd(exchange.header('x-forwarded-proto'), trustProxy)
  const scheme = proto === 'https' || proto === 'http' ? proto : seen.protocol.slice(0, -1)
  const forwarded = nthFromEnd(exchange.header('x-forwarded-host'), trustProxy)
  if (forwarded === undefined ? !isWeb(seen) : !isReadableHost(forwarded))
    return { scheme, host: seen.host, origin: null }
  return partsOf(new URL(`${scheme}://${forwarded ?? seen.host}`))
}

/** The client's address: the peer's, or the one that the outermost trusted proxy saw. */
export function addressOf(exchange: Pick<Exchange, 'ip' | 'header'>, trustProxy: TrustProxy): string | null {
  const forwarded = trustProxy > 0 ? nthFromEnd(exchange.header('x-forwarded-for'), trustProxy) : undefined
  const peer = exchange.ip
  return addressIn(forwarded) ?? (peer?.includes(':') ? addressIn(peer) : peer) ?? null
}

/** Loopback names count as secure contexts in browsers, so `Secure` cookies work there over plain HTTP. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return (
    name === 'localhost' || name.endsWith('.localhost') || /^127(?:\.\d+){3}$/.test(name) || name === '[::1]'
  )
}

function partsOf(url: URL): Origin {
  const { protocol, host, origin } = url
  return { scheme: protocol.slice(0, -1), host, origin: isWeb(url) ? origin : null }
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:'
}

/** A list header is written left to right, each proxy adding at its end; only the last entries are by trusted hands. */
function nthFromEnd(list: string | undefined, count: number): string | undefined {
  const entries = list?.split(',')
  const entry = entries?.[Math.max(0, entries.length - count)]?.trim()
  return entry === '' ? undefined : entry
}

/** An address without port, brackets, or the prefix by which a dual-stack socket writes IPv4; `undefined` for anything else. */
function addressIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, v4] = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i.exec(text) ?? []
  if (v4 !== undefined) return v4
  const [, v6] = /^\[?([\da-f:]*:[\da-f:.]*)(?:%[\w.-]+)?(?:\](?::\d+)?)?$/i.exec(text) ?? []
  return v6 !== undefined && v6.length <= 45 ? v6 : undefined
}
