import type { Instant } from '../core/session.ts'
import type { Found } from '../core/store.ts'

/** The moment that retention counts from: the end, or a later use of the refresh token; `null` while neither is over. */
export function overSince({ session, refresh }: Found): Instant | null {
  const { endedAt, rememberedUntil } = session
  if (endedAt === null || rememberedUntil !== null) return null
  return Math.max(endedAt, refresh?.usedAt ?? endedAt)
}

/** Whether a session holds what is removed before the session is. */
export function hasDetails({ session, data }: Found): boolean {
  const { ip, userAgent, fingerprint } = session
  return ip !== null || userAgent !== null || fingerprint !== null || Object.keys(data).length > 0
}
