import type { ServerResponse } from 'node:http'

/** Pages carry this origin's script and nothing inline, no frame and nothing from elsewhere; forms go to this origin alone. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** The same for the one page that may be shown in a frame, of these sources. */
export function contentPolicyIn(sources: readonly string[]): string {
  return contentPolicy.replace("frame-ancestors 'none'", `frame-ancestors ${sources.join(' ')}`)
}

/** Nothing that pages here would ask for. */
const permissions = 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()'

export type SecurityHeaders = readonly (readonly [name: string, value: string])[]

/** The headers of every response, those of errors included. `isHttps`: people reach this server over HTTPS. */
export function securityHeaders(isHttps: boolean): SecurityHeaders {
  return [
    ['Content-Security-Policy', contentPolicy],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'same-origin'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Permissions-Policy', permissions],
    // What may be kept says so itself.
    ['Cache-Control', 'no-store'],
    ...(isHttps ? [['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'] as const] : []),
  ]
}

/**
 * What a proxy asks (`/api/v1/verify`) shows nothing here; what of it reaches a browser does so on the application's own
 * host, under its headers. The answers say themselves that nobody keeps them.
 */
export function isForProxy(url = ''): boolean {
  return url === '/api/v1/verify' || url.startsWith('/api/v1/verify?')
}

/** Puts them on Node's response before anything answers, so that no handler and no failure can leave them out. */
export function secure(response: ServerResponse, headers: SecurityHeaders): void {
  for (const [name, value] of headers) response.setHeader(name, value)
}
