import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import { invalidOption } from '../core/errors.ts'
import type { AssuranceLevel } from '../core/session.ts'
import type { Answer } from './ask.ts'
import { RemoteError, refusal } from './remote-error.ts'

/** The headers of a request: those of Node, or of the Fetch standard. */
export type RequestHeaders =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null }

export interface VerifyInput {
  /** Of the request that is asked about; `GET` and `/` if left out. */
  readonly method?: string
  /** Its path and query. */
  readonly url?: string
  /** `https` or `http`, and the host, as its client named them. `https` and the `Host` header if left out. */
  readonly scheme?: 'https' | 'http'
  readonly host?: string
  /** The client's address. */
  readonly ip?: string
  /** One of them is needed. */
  readonly roles?: readonly string[]
  readonly assurance?: AssuranceLevel
  readonly maxAge?: Duration
  /** Whether the request is nobody's activity. */
  readonly passive?: boolean
}

export type VerifiedRequest =
  | {
      readonly allowed: true
      readonly subject: string
      /** The session's public id. */
      readonly session: string
      readonly assurance: AssuranceLevel
      readonly method: string | null
      readonly roles: readonly string[]
      /** Who acts as the subject. */
      readonly actor: string | null
      /** `Set-Cookie` headers that the answer to the browser must carry: a token that was replaced. */
      readonly setCookie: readonly string[]
    }
  | {
      readonly allowed: false
      /** 401: nobody is signed in. 403: somebody is, and that is not enough, or the request came from another site. */
      readonly status: 401 | 403
      readonly reason: string
      /** Where to send whoever looks at a page; `null`: nowhere. */
      readonly login: string | null
    }

/** What of the request the server judges by. Everything else stays here. */
const passed = [
  'cookie',
  'user-agent',
  'accept',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-purpose',
  'x-session-activity',
]

export function verifyQuery({ roles = [], assurance, maxAge }: VerifyInput): string {
  const query = new URLSearchParams(roles.map((role): [string, string] => ['role', role]))
  if (assurance !== undefined) query.set('assurance', String(assurance))
  if (maxAge !== undefined) {
    const millis = parseDuration(maxAge)
    if (millis === undefined || millis === 0)
      throw invalidOption('maxAge', "a duration such as '10m'", maxAge)
    query.set('maxAge', formatDuration(millis))
  }
  return query.size === 0 ? '' : `?${query.toString()}`
}

export function verifyHeaders(headers: RequestHeaders, input: VerifyInput): Record<string, string> {
  const { method = 'GET', url = '/', scheme = 'https', ip, passive = false } = input
  const host = input.host ?? headerOf(headers, 'host')
  const mode = headerOf(headers, 'sec-fetch-mode')
  const found = passed.flatMap((name) => {
    const value = headerOf(headers, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(found),
    'x-forwarded-method': method,
    'x-forwarded-uri': url,
    'x-forwarded-proto': scheme,
    ...(host !== undefined && { 'x-forwarded-host': host }),
    ...(ip !== undefined && { 'x-forwarded-for': ip }),
    // `fetch` says its own.
    ...(mode !== undefined && { 'x-forwarded-sec-fetch-mode': mode }),
    ...(passive && { 'x-session-activity': 'passive' }),
  }
}

export function readVerification({ status, headers, text }: Answer): VerifiedRequest {
  if (status === 200) return allowedBy(headers)
  if (status !== 401 && status !== 403) throw refusal(status, headers.get('retry-after'))
  return { allowed: false, status, reason: reasonIn(text), login: headers.get('x-sojourn-login') }
}

function allowedBy(headers: Headers): VerifiedRequest {
  const said = (name: string): string => decoded(headers.get(`x-sojourn-${name}`) ?? '')
  const [subject, session, assurance] = [said('subject'), said('session'), Number(said('assurance'))]
  if (subject === '' || session === '' || !isLevel(assurance))
    throw new RemoteError('bad_answer', 'the answer names nobody', { status: 200 })
  const roles = headers.get('x-sojourn-roles') ?? ''
  return {
    allowed: true,
    subject,
    session,
    assurance,
    method: said('method') || null,
    roles: roles === '' ? [] : roles.split(',').map(decoded),
    actor: said('actor') || null,
    setCookie: headers.getSetCookie(),
  }
}

function isLevel(assurance: number): assurance is AssuranceLevel {
  return assurance === 0 || assurance === 1 || assurance === 2 || assurance === 3
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RemoteError('bad_answer', 'the answer does not read', { status: 200 })
  }
}

function reasonIn(text: string): string {
  try {
    const said: unknown = JSON.parse(text)
    const isReason =
      typeof said === 'object' && said !== null && 'reason' in said && typeof said.reason === 'string'
    return isReason ? (said.reason as string) : 'login_required'
  } catch {
    return 'login_required'
  }
}

function headerOf(headers: RequestHeaders, name: string): string | undefined {
  if (isFetchHeaders(headers)) return headers.get(name) ?? undefined
  const value = headers[name]
  return typeof value === 'object' ? value.join(name === 'cookie' ? '; ' : ', ') : value
}

function isFetchHeaders(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers['get' as keyof RequestHeaders] === 'function'
}
