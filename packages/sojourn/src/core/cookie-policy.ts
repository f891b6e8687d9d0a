import { invalidOption } from './errors.ts'
import { choice, flag, type Option, type Options, text } from './option.ts'

export interface CookiePolicy {
  /** The cookie's name without its prefix; `'random'`: derived from the install's secret, so that installs differ. */
  readonly cookieName: string
  /** The strongest prefix that fits by default: `__Host-Http-` (a draft of HTTPbis, layered cookies). */
  readonly cookiePrefix: '__Host-Http-' | '__Host-' | '__Http-' | '__Secure-' | 'none'
  readonly cookieSameSite: 'lax' | 'strict'
  /** A domain to share the cookie with, which `__Host-` names forbid; `null`: this host alone. */
  readonly cookieDomain: string | null
  /** False: the cookie goes with the browser. True: it lives as long as the session may. */
  readonly cookiePersistent: boolean
  /** Secure is set where both are true; anything else must also be allowed by `dangerouslyAllowInsecureCookies`. */
  readonly cookieForceSecure: boolean
  readonly cookieTls: boolean
}

const cookieDomain: Option<string | null> = {
  fallback: null,
  says: 'A domain to share the cookie with; null keeps it to this host.',
  combine: 'nearest',
  read(written, path) {
    if (written === null) return null
    if (typeof written === 'string' && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(written)) return written
    throw invalidOption(path, 'a domain such as example.com, or null', written)
  },
  show: (value) => value ?? 'this host',
}

export const cookieOptions = {
  cookieName: text(
    'sid',
    /^[A-Za-z0-9_-]{1,64}$/,
    "1 to 64 letters, digits, '_' or '-'",
    "The cookie's name without its prefix; 'random' derives one from the install's secret.",
  ),
  cookiePrefix: choice(
    ['__Host-Http-', '__Host-', '__Http-', '__Secure-', 'none'],
    '__Host-Http-',
    'The prefix that makes browsers refuse a weaker cookie of this name.',
  ),
  cookieSameSite: choice(['lax', 'strict'], 'lax', 'Whether a link from another site carries the cookie.'),
  cookieDomain,
  cookiePersistent: flag(false, 'Whether the cookie outlives the browser.'),
  cookieForceSecure: flag(true, 'Whether the cookie is for HTTPS alone.'),
  cookieTls: flag(true, 'Whether the site is served over HTTPS.'),
} satisfies Options<CookiePolicy>

/** Whether the cookie gets `Secure`: the site forces it and has TLS. */
export function isSecure({ cookieForceSecure, cookieTls }: CookiePolicy): boolean {
  return cookieForceSecure && cookieTls
}

/** RFC 6265bis 4.1.3: the prefixes demand Secure, and `__Host-` a host-only cookie. */
export function cookieConflict(policy: CookiePolicy): readonly [key: string, expected: string] | undefined {
  if (policy.cookieDomain !== null && policy.cookiePrefix.startsWith('__Host-'))
    return [
      'cookieDomain',
      `null, since ${policy.cookiePrefix} names belong to one host (or cookiePrefix '__Secure-')`,
    ]
  if (policy.cookiePrefix !== 'none' && !isSecure(policy))
    return ['cookiePrefix', `'none', since ${policy.cookiePrefix} names demand Secure`]
  return undefined
}
