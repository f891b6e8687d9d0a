import { randomBytes } from 'node:crypto'
import { cookieValues } from 'sojourn/web'
import type { Asked } from '../parts.ts'
import { roundTripLasts } from './round-trips.ts'

/** `__Host-`: no sibling domain can plant it, and so have a browser bring somebody else's sign-in. */
const name = '__Host-away'
const shape = /^[\w-]{43}$/

/**
 * What a browser holds while a sign-in of it is away at another site: 256 bits by chance, of which the database knows the
 * hash. The answer comes as a form of that site, so that the cookie must be `SameSite=None`, and `Secure` with it. It opens
 * nothing by itself.
 *
 * In a frame of another site a browser that keeps third-party cookies apart or out neither sends nor keeps it: the answer is
 * then refused (`no_cookie`), and its person told to open a window of its own. That is no loss here: the session cookie is
 * for this site's own pages, and no page of this server shows itself in a frame.
 */
export function giveBrowserKey(asked: Asked): string {
  // One for all sign-ins under way, so that two tabs do not lose each other's.
  const key = browserKey(asked) ?? randomBytes(32).toString('base64url')
  const life = roundTripLasts / 1_000
  const cookie = `${name}=${key}; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=${life}`
  asked.header('Set-Cookie', cookie, { append: true })
  return key
}

/** What the browser that asks holds, or `undefined`. */
export function browserKey(asked: Asked): string | undefined {
  return cookieValues(asked.req.header('cookie'), name).find((value) => shape.test(value))
}
