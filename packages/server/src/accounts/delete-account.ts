import type { Sessions } from 'sojourn'
import type { Links } from '../links/links.ts'
import type { Accounts } from './accounts.ts'

/**
 * Removes an account and ends its sessions everywhere. In this order: a login between the two would otherwise live on. What
 * is left of it are its ended sessions, by their subject's id alone, until they are purged.
 */
export async function deleteAccount(
  accounts: Accounts,
  links: Links,
  sessions: Sessions<object>,
  id: string,
  by?: string,
): Promise<void> {
  await accounts.remove(id)
  await links.revoke(id)
  await sessions.end({ subject: id }, 'account_disabled', by)
}
