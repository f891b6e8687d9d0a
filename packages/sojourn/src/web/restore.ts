import { SessionError } from '../core/errors.ts'
import type { RequestFacts } from '../core/session.ts'
import type { Engine } from '../engine/index.ts'
import type { Verification } from '../engine/verify.ts'
import { cookieValues } from './cookie.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { tryAgain } from './reply.ts'
import type { Opened } from './opened.ts'

/** The refresh tokens that a request brings, under the name of the cookie, else under its former one. */
export function refreshesIn(
  { rememberCookie, formerRememberCookie }: WebSettings,
  cookies: string | undefined,
): readonly string[] {
  const values = cookieValues(cookies, rememberCookie)
  return values.length > 0 || !formerRememberCookie ? values : cookieValues(cookies, formerRememberCookie)
}

/**
 * Nobody is logged in, and the device is remembered: its refresh token is spent within the request that found it so. Of
 * several cookies of one name the first that restores a session counts, then the first that is a copy. Where none does the
 * request goes on with what was found.
 */
export async function restored(
  engine: Engine,
  exchange: Exchange,
  refreshes: readonly string[],
  facts: RequestFacts,
  verified: Verification,
): Promise<Opened | Reply> {
  let copied: Opened | undefined
  try {
    for (const refresh of refreshes) {
      const restoration = await engine.restore(refresh, facts)
      if (restoration.state === 'late') return tryAgain(exchange)
      if (restoration.state === 'restored') return restoration
      if (restoration.state === 'ended') copied ??= restoration
    }
    return copied ?? verified
  } catch (error) {
    // The limit refuses a restoration as it does a login; the person is asked to log in, and told there.
    if (error instanceof SessionError && error.status === 403) return verified
    throw error
  }
}
