import { type ActivityRule, readActivityRules } from '../core/activity.ts'
import { isSecure } from '../core/cookie-policy.ts'
import { invalidOption } from '../core/errors.ts'
import type { Engine } from '../engine/index.ts'
import { fullName } from './cookie.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { TrustProxy } from './origin.ts'
import type { RefusalReason } from './refusal-reason.ts'
import { returnTo } from './return-to.ts'

/**
 * Must be given to run with cookies that any network in between can read, or that a sibling domain can plant. A symbol, so
 * that no configuration file can carry it.
 */
export const dangerouslyAllowInsecureCookies: unique symbol = Symbol('dangerouslyAllowInsecureCookies')

export interface WebOptions {
  /** Where a navigation without a login is sent; `/login` if left out. */
  readonly loginPath?: string
  /** How many proxies stand in front of this process; 0 if left out. */
  readonly trustProxy?: TrustProxy
  /** Whether requests from other sites that would change state are refused; true if left out. */
  readonly refuseCrossSite?: boolean
  /**
   * Which requests of other sites may change something all the same, since what they carry proves by itself that it was
   * asked for: the answers of `form_post` (OpenID Connect, LTI) and of SAML. None if left out.
   */
  readonly acceptCrossSite?: (exchange: Exchange) => boolean
  /** What requests are to a session, by their path; of the others it is told by what the client says. */
  readonly activity?: readonly ActivityRule[]
  /** Whether answers say in `Session-Expires` when their session ends, for countdowns; false if left out. */
  readonly expiresHeader?: boolean
  /**
   * What a request gets that needs a login and has none, with the reason; `undefined` leaves it at the usual: a redirect to
   * `loginPath`, or 401.
   */
  readonly onLoginRequired?: (exchange: Exchange, reason: RefusalReason) => Reply | undefined
  /** Which requests are served as a guest's while the store is down; the others are refused. The policy decides if left out. */
  readonly serveWithoutStore?: (exchange: Exchange) => boolean
  /** Hears of settings that do not fit what is seen; standard error if left out. */
  readonly onWarning?: (message: string) => void
  /** Hears of faults that a request was answered 500 for, or that nobody waits for. Standard error if left out. */
  readonly onError?: (error: unknown) => void
  readonly [dangerouslyAllowInsecureCookies]?: true
}

/** The options as the web layer reads them. */
export interface WebSettings {
  readonly cookie: string
  /** What it was called under the previous secret: still read, and replaced by the new one. */
  readonly formerCookie: string | undefined
  /** Holds the refresh token of a remembered device. */
  readonly rememberCookie: string
  readonly formerRememberCookie: string | undefined
  /** Holds the visitor id, where a page has asked for it. */
  readonly visitorCookie: string
  readonly loginPath: string
  readonly trustProxy: TrustProxy
  readonly refuseCrossSite: boolean
  readonly acceptCrossSite: (exchange: Exchange) => boolean
  readonly activity: readonly ActivityRule[]
  readonly expiresHeader: boolean
  readonly onLoginRequired: (exchange: Exchange, reason: RefusalReason) => Reply | undefined
  readonly serveWithoutStore: (exchange: Exchange) => boolean
  /** Warns once for each key. */
  readonly warn: (key: string, message: string) => void
  /** Tells of a fault whose cause the answer does not show. */
  readonly report: (error: unknown) => void
}

export function webSettings(engine: Engine, options: WebOptions): WebSettings {
  const { loginPath = '/login', trustProxy = 0, refuseCrossSite = true, expiresHeader = false } = options
  if (returnTo(loginPath) === undefined)
    throw invalidOption('loginPath', "a path such as '/login'", loginPath)
  if (!Number.isSafeInteger(trustProxy) || trustProxy < 0)
    throw invalidOption('trustProxy', 'the number of proxies in front, 0 or more', trustProxy)
  const { policy } = engine
  const warn = warnOnce(options.onWarning ?? ((message) => process.stderr.write(`sojourn: ${message}\n`)))
  const insecure = policy.cookiePrefix === 'none' || !isSecure(policy)
  if (insecure && options[dangerouslyAllowInsecureCookies] !== true)
    throw invalidOption(
      'policy.cookiePrefix',
      `a prefix that browsers enforce, with cookieForceSecure and cookieTls; or the option [dangerouslyAllowInsecureCookies]: true`,
      policy.cookiePrefix,
    )
  if (insecure)
    warn('insecure', 'the session cookie has no enforced prefix: another host of this domain can plant one')
  const { cookieName: name, formerCookieName: former } = engine
  return {
    cookie: fullName(name, policy),
    formerCookie: former && fullName(former, policy),
    rememberCookie: fullName(`${name}-r`, policy),
    formerRememberCookie: former && fullName(`${former}-r`, policy),
    visitorCookie: fullName(`${name}-v`, policy),
    loginPath,
    trustProxy,
    refuseCrossSite,
    acceptCrossSite: options.acceptCrossSite ?? (() => false),
    activity: readActivityRules(options.activity ?? [], 'activity'),
    expiresHeader,
    onLoginRequired: options.onLoginRequired ?? (() => undefined),
    serveWithoutStore: options.serveWithoutStore ?? (() => policy.onStoreError === 'guest'),
    warn,
    report: options.onError ?? reportToStandardError,
  }
}

function reportToStandardError(error: unknown): void {
  process.stderr.write(
    `sojourn: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

function warnOnce(hear: (message: string) => void): WebSettings['warn'] {
  const said = new Set<string>()
  return (key, message) => {
    if (said.has(key)) return
    said.add(key)
    hear(message)
  }
}
