import type { Instant } from '../core/session.ts'
import { type CookiePolicy, isSecure } from '../core/cookie-policy.ts'
import { SessionError } from '../core/errors.ts'

/** More cookies of one name than this are somebody tossing; the rest is not looked at. */
const mostValues = 4

const none: readonly string[] = Object.freeze([])

/** RFC 6265bis 5.6: browsers drop a cookie whose name and value are longer. */
const mostOctets = 4_096

/**
 * The values of a cookie in the order in which they came, without duplicates, at most four. A browser may send several of
 * one name (set for another path or domain); none of them wins by its place.
 */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  if (header === undefined || name === '') return none
  let at = header.indexOf(name)
  if (at === -1) return none
  const values: string[] = []
  for (; at !== -1; at = header.indexOf(name, at + name.length)) {
    const from = at + name.length + 1
    if (header[from - 1] !== '=' || !startsCookie(header, at)) continue
    const end = header.indexOf(';', from)
    const value = header.slice(from, end === -1 ? undefined : end).trim()
    if (!values.includes(value) && values.push(value) === mostValues) break
  }
  return values
}

/** Where a name begins: at the start, or behind a semicolon and white space. */
function startsCookie(header: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && (header[before] === ' ' || header[before] === '\t')) before--
  return before < 0 || header[before] === ';'
}

export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly policy: CookiePolicy
  /** Until when it may live; left out: as long as the browser runs. */
  readonly until?: { readonly now: Instant; readonly expiresAt: Instant | null }
}

/** RFC 6265bis 5.5: the longest life of a cookie, 400 days in seconds. */
const longestLife = 400 * 24 * 3_600

/** The `Set-Cookie` header of a session cookie: always HttpOnly, Path=/ and an explicit SameSite. */
export function setCookie({ name, value, policy, until }: SetCookie): string {
  if (!/^[\w.-]*$/.test(value) || name.length + value.length > mostOctets)
    throw refused('a value', `within ${mostOctets} octets together with the name`)
  const life = until === undefined ? '' : `; Max-Age=${lifeOf(until)}`
  return `${checked(name)}=${value}; ${attributes(policy)}${life}`
}

/** Nothing that could end the header or begin another attribute is ever written. The value is not shown: it may be a token. */
function refused(what: string, more: string): SessionError {
  return new SessionError(
    'invalid_data',
    `a cookie: expected ${what} of letters, digits, '_', '-' and '.', ${more}`,
  )
}

/** Makes a browser forget the cookie: the same name and attributes, and no life. */
export function clearCookie(name: string, policy: CookiePolicy): string {
  return `${checked(name)}=; ${attributes(policy)}; Max-Age=0`
}

function checked(name: string): string {
  if (/^[\w.-]{1,256}$/.test(name)) return name
  throw refused('a name', 'at most 256')
}

/** The whole name of the cookie, with the prefix that browsers enforce. */
export function fullName(name: string, { cookiePrefix }: CookiePolicy): string {
  return cookiePrefix === 'none' ? name : cookiePrefix + name
}

function attributes(policy: CookiePolicy): string {
  const { cookieDomain, cookieSameSite } = policy
  // RFC 1035 2.3.4: no domain is longer than 253 characters.
  if (cookieDomain !== null && !/^[\w.-]{1,253}$/.test(cookieDomain)) throw refused('a domain', 'at most 253')
  const domain = cookieDomain === null ? '' : `; Domain=${cookieDomain}`
  return `Path=/${domain}${isSecure(policy) ? '; Secure' : ''}; HttpOnly; SameSite=${cookieSameSite === 'lax' ? 'Lax' : 'Strict'}`
}

function lifeOf({ now, expiresAt }: NonNullable<SetCookie['until']>): number {
  if (expiresAt === null) return longestLife
  return Math.max(0, Math.min(longestLife, Math.floor((expiresAt - now) / 1_000)))
}
