import { challengeOf, type FreshnessRefusal } from '../core/assurance.ts'
import { SessionError } from '../core/errors.ts'
import { isSafe } from './csrf.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import type { RefusalReason } from './refusal-reason.ts'
import { returnTo } from './return-to.ts'

/** An answer that was made for one session is kept by no cache, and says what it depends on. */
const noStore = ['Cache-Control', 'no-store'] as const
const vary = ['Vary', 'Cookie, Origin, Sec-Fetch-Site'] as const

/**
 * The answer to a request that needs a login and has none: a navigation is sent to the login page with the reason and the
 * way back; everything else gets 401 and the same reason as JSON (RFC 9457).
 */
export function loginRequired(exchange: Exchange, loginPath: string, reason: RefusalReason): Reply {
  if (wantsPage(exchange)) return toLogin(exchange, loginPath, reason)
  return problem(401, 'login_required', reason, 'This request needs a signed-in session.')
}

/**
 * The answer to a request that needs a newer or stronger login than its session has (RFC 9470): a navigation is sent to the
 * login page, everything else gets 401 with what was asked, in the header and as JSON.
 */
export function freshLoginRequired(exchange: Exchange, loginPath: string, refusal: FreshnessRefusal): Reply {
  const { ok: _, error, reason, ...asked } = refusal
  if (wantsPage(exchange)) return toLogin(exchange, loginPath, reason)
  const reply = problem(401, error, reason, 'This request needs a newer or stronger login.', asked)
  return { ...reply, headers: [...reply.headers, ['WWW-Authenticate', challengeOf(refusal)]] }
}

function toLogin(exchange: Exchange, loginPath: string, reason: RefusalReason): Reply {
  const query = new URLSearchParams({ reason })
  const { pathname, search } = new URL(exchange.url)
  const back = exchange.method === 'GET' ? returnTo(pathname + search) : undefined
  if (back !== undefined && back !== '/') query.set('return_to', back)
  const separator = loginPath.includes('?') ? '&' : '?'
  return {
    status: 303,
    headers: [['Location', `${loginPath}${separator}${query.toString()}`], noStore, vary],
    body: '',
  }
}

/**
 * The answer to a request whose refresh token another request of this moment has spent: its client has newer cookies by
 * now. A page that was to be shown loads again by itself; all else is to be sent once more, as it was.
 */
export function tryAgain(exchange: Exchange): Reply {
  const reply = problem(
    401,
    'login_required',
    'retry',
    'Another request renewed the session. Send this one again.',
  )
  const loads = isSafe(exchange.method) && wantsPage(exchange)
  const again = loads ? (['Refresh', '1'] as const) : (['Retry-After', '0'] as const)
  return { ...reply, headers: [...reply.headers, again] }
}

/** The answer to an error of the library, with its code and nothing of its inside. */
export function errorReply(error: SessionError): Reply {
  const reply = problem(
    error.status,
    error.code,
    error.code,
    sentences[error.code] ?? 'The request could not be served.',
  )
  return error.status === 503 ? { ...reply, headers: [...reply.headers, ['Retry-After', '5']] } : reply
}

/** The answer where a request failed: an end is told as such, an error of the library by its code, the rest is reported. */
export function failureReply(exchange: Exchange, settings: WebSettings, error: unknown): Reply {
  if (error instanceof SessionError && error.status < 500) {
    if (error.code !== 'session_gone') return errorReply(error)
    return loginRequired(exchange, settings.loginPath, 'inactive_session')
  }
  if (error instanceof SessionError && error.status === 503) return errorReply(error)
  settings.report(error)
  return problem(500, 'internal', 'internal', 'The request could not be served.')
}

const sentences: { readonly [code: string]: string } = {
  store_unavailable: 'Sessions cannot be looked up at the moment. Try again shortly.',
  store_full: 'There is no room for another session at the moment. Try again shortly.',
  login_refused_by_limit:
    'You are signed in on as many devices as you may be. Sign out on one of them first.',
  login_disabled_by_limit: 'Signing in is not allowed for this account.',
  cross_site_request: 'This request came from another site and may not change anything here.',
  fetched_ahead: 'A page that is fetched ahead signs nobody in. Load it again.',
  session_gone: 'The session ended while the request was under way; nothing was saved.',
  data_too_large: 'The session cannot hold that much; nothing was saved.',
  invalid_data: 'The session cannot hold that; nothing was saved.',
}

/** Whether the client shows what it gets as a page. */
export function wantsPage(exchange: Exchange): boolean {
  const mode = exchange.header('sec-fetch-mode')
  if (mode !== undefined && mode !== 'navigate') return false
  return exchange.header('accept')?.includes('text/html') === true
}

/** RFC 9457 problem details, with `error` and `reason` as words for programs, and whatever more a program may need. */
export function problem(
  status: number,
  error: string,
  reason: string,
  detail: string,
  more: { readonly [name: string]: unknown } = {},
): Reply {
  return {
    status,
    headers: [
      ['Content-Type', 'application/problem+json'],
      ['X-Content-Type-Options', 'nosniff'],
      noStore,
      vary,
    ],
    body: JSON.stringify({ type: 'about:blank', status, error, reason, detail, ...more }),
  }
}
