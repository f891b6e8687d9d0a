import { isSecure } from '../core/cookie-policy.ts'
import type { Policy } from '../core/policy.ts'
import type { Session } from '../core/session.ts'
import { formatVisitor, type Visitor, visitorMaxAge } from '../core/visitor.ts'
import type { Engine } from '../engine/index.ts'
import type { Token } from '../engine/token.ts'
import { setCookie } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { isLoopback, originOf } from './origin.ts'

/** The `Set-Cookie` of a session's token: gone with the browser, unless its policy says that it stays. */
export function sessionCookie(
  engine: Engine,
  { cookie }: WebSettings,
  token: Token,
  { policy, session }: { readonly policy: Policy; readonly session: Session },
): string {
  const until = policy.cookiePersistent ? { until: { now: engine.now(), expiresAt: session.expiresAt } } : {}
  return setCookie({ name: cookie, value: token.reveal(), policy: engine.policy, ...until })
}

/** The `Set-Cookie` of a refresh token: it outlives the browser, for as long as the device is remembered. */
export function rememberCookie(
  engine: Engine,
  { rememberCookie }: WebSettings,
  refresh: Token,
  { rememberedUntil }: Session,
): string {
  const until = { now: engine.now(), expiresAt: rememberedUntil }
  return setCookie({ name: rememberCookie, value: refresh.reveal(), policy: engine.policy, until })
}

/** The `Set-Cookie` of a visitor id: it lives as long as the id, counted from its issue. */
export function visitorCookie(engine: Engine, { visitorCookie }: WebSettings, visitor: Visitor): string {
  const { policy } = engine
  const now = engine.now()
  const until = { now, expiresAt: now + visitorMaxAge(visitor, policy, now) * 1_000 }
  return setCookie({ name: visitorCookie, value: formatVisitor(visitor), policy, until })
}

/** A `Secure` cookie over plain HTTP is dropped by the browser without a word, so we say it. */
export function warnWhereLost({ policy }: Engine, settings: WebSettings, exchange: Exchange): void {
  if (!isSecure(policy)) return
  const { scheme, host, origin } = originOf(exchange, settings.trustProxy)
  if (scheme === 'https' || isLoopback(host) || origin === null) return
  settings.warn(
    'scheme',
    `a Secure session cookie was set on ${scheme}://${host}, where browsers drop it. Behind a proxy that ends TLS, ` +
      `set trustProxy to the number of proxies and let them send X-Forwarded-Proto: https; else serve over HTTPS`,
  )
}
