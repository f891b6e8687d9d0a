import { personRequired, type RefusalReason } from './reasons.ts'
import { cookieValues, loginRequired, problem, returnTo } from 'sojourn/web'
import { isStoreAdmin, isSuperAdmin } from './accounts/account.ts'
import { refuse, replyAnswer, seeOther, showsPages } from './answer.ts'
import { exchangeOf } from './exchange.ts'
import { provesPerson } from './integrations/integration-kinds.ts'
import type { Asked, Parts } from './parts.ts'
import type { Access } from './routes/route.ts'

/**
 * Learns whose session it is. Where the account is gone or disabled, all its sessions end here, whatever their rows say,
 * and none comes back. The account is read anew for every request of somebody signed in, so that a disabled account and a
 * role that was taken away hold at the very next request: it costs one row by its primary key, some ten microseconds from
 * SQLite, a round trip from PostgreSQL.
 */
export async function identify(asked: Asked, { accounts, sessions }: Parts): Promise<void> {
  const { session } = asked.var
  if (session.subject === null) return
  const account = await accounts.find(session.subject)
  if (account !== undefined && account.disabledAt === null) asked.set('account', account)
  else await sessions.end({ subject: session.subject }, 'account_disabled')
}

/** The refusal for whoever may not reach a route, or `undefined`. */
export function refuseAccess(asked: Asked, parts: Parts, access: Access): Response | undefined {
  if (access === 'public') return undefined
  if (access === 'api-key') throw new Error('a route for keys is declared among those of people')
  const { account } = asked.var
  if (account === undefined) return askToSignIn(asked, parts, reasonFor(asked, parts))
  if (access === 'let-in') return undefined
  if (!isKnown(asked)) return askWho(asked)
  if (access === 'signed-in' || isSuperAdmin(account)) return undefined
  if (access === 'super-admin') return refuse(asked, 403, 'forbidden', 'This is for Super Admins.')
  if (isStoreAdmin(account)) return undefined
  return refuse(asked, 403, 'forbidden', 'This is for store administrators and Super Admins.')
}

/** Whether the session is that of a known person, and not of whoever stood in the right place. */
export function isKnown({ var: { session } }: Asked): boolean {
  return provesPerson(session.session?.method ?? null)
}

/** Asks somebody who was let in to say who they are. What they have goes on meanwhile. */
function askWho(asked: Asked): Response {
  if (!showsPages(asked)) return refuse(asked, 403, 'person_required', personRequired)
  const { pathname, search } = new URL(asked.req.url)
  const back = asked.req.method === 'GET' ? returnTo(pathname + search) : undefined
  const query = new URLSearchParams({
    reason: 'person_required',
    ...(back !== undefined && { return_to: back }),
  })
  return seeOther(asked, `/login?${query.toString()}`)
}

/** Sends a person to the sign-in page with the way back; tells a program 401. */
export function askToSignIn(asked: Asked, { config }: Parts, reason: RefusalReason): Response {
  if (showsPages(asked)) return replyAnswer(asked, loginRequired(exchangeOf(asked), config.loginPath, reason))
  const error = reason === 'login_required' ? reason : 'inactive_session'
  return replyAnswer(asked, problem(401, error, reason, 'This request needs a signed-in session.'))
}

/** Why there is nobody: an end that the holder may know of, a cookie that opens nothing any more, or no cookie at all. */
export function reasonFor(asked: Asked, { sessions }: Parts): RefusalReason {
  const { session } = asked.var
  if (session.ended !== null) return session.ended.reason
  if (session.isLoggedIn) return 'account_disabled'
  const presented = cookieValues(asked.req.header('cookie'), sessions.web.cookie).length > 0
  return presented && session.session === null ? 'inactive_session' : 'login_required'
}
