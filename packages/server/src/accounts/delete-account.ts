import type { Sessions } from 'sojourn'
import type { Links } from '../links/links.ts'
import type { Accounts } from './accounts.ts'

/**
 * Removes an account and ends its sessions everywhere. In this order: a login between the two would otherwise live on. What
 * is left of it are its ended sessions, by their subject's id alone, until they are purged. False where it is the last Super
 * Admin; nothing has changed then.
 */
export async function deleteAccount(
  accounts: Accounts,
  links: Links,
  sessions: Sessions<object>,
  id: string,
  by?: string,
): Promise<boolean> {
  if (!(await accounts.remove(id))) return false
  await links.revoke(id)
  await sessions.end({ subject: id }, 'account_disabled', by)
  return true
}
