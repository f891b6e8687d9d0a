import type { Instant, Sessions } from 'sojourn'
import { isSuperAdmin } from '../accounts/account.ts'
import type { Accounts } from '../accounts/accounts.ts'

/** Who looks, and by which session. */
export interface LiveViewer {
  readonly session: string
  readonly subject: string
}

export interface ViewerParts {
  readonly sessions: Pick<Sessions<object>, 'get' | 'explain' | 'expiresAt'>
  readonly accounts: Pick<Accounts, 'find'>
}

/**
 * Whether somebody may look on, asked anew of the session and of the account, by every rule that a request would be judged
 * by; looking is no activity. `until`: the last moment at which that is so by itself. `undefined`: no more.
 */
export async function mayLook(
  { sessions, accounts }: ViewerParts,
  viewer: LiveViewer,
): Promise<{ readonly until: Instant | null } | undefined> {
  const session = await sessions.get(viewer.session)
  if (session === undefined || session.endedAt !== null || session.subject !== viewer.subject)
    return undefined
  const explained = await sessions.explain(viewer.session)
  if (explained === undefined || explained.verdict.next === 'end') return undefined
  const account = await accounts.find(viewer.subject)
  if (account === undefined || account.disabledAt !== null || !isSuperAdmin(account)) return undefined
  return { until: sessions.expiresAt(session, false) }
}
