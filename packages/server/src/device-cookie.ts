import { cookieValues } from 'sojourn/web'
import type { Asked, Parts } from './parts.ts'

/** RFC 6265bis 5.5: the longest life of a cookie, 400 days in seconds. */
const longestLife = 400 * 24 * 3_600

/** The id of the device that asks, where the account was signed in to on it before. It opens nothing: see `KnownDevices`. */
export function knownDevice(asked: Asked, parts: Parts, email: string): string | undefined {
  return parts.devices.deviceOf(presented(asked, parts), email)
}

/** Notes on the device that the account was signed in to on it. Only the sign-in hears of it again. */
export function rememberDevice(asked: Asked, parts: Parts, email: string): void {
  const value = parts.devices.remember(presented(asked, parts), email)
  const secure = isSecure(parts) ? '; Secure' : ''
  const cookie = `${nameOf(parts)}=${value}; Path=/login${secure}; HttpOnly; SameSite=Lax; Max-Age=${longestLife}`
  asked.header('Set-Cookie', cookie, { append: true })
}

function presented(asked: Asked, parts: Parts): string | undefined {
  return cookieValues(asked.req.header('cookie'), nameOf(parts))[0]
}

/** Not `__Host-`, which demands to be sent with every request. */
function nameOf(parts: Parts): string {
  return isSecure(parts) ? '__Secure-known-device' : 'known-device'
}

function isSecure({ sessions: { policy } }: Parts): boolean {
  return policy.cookieForceSecure && policy.cookieTls
}
