import type { Sessions } from 'sojourn'
import type { Accounts } from './accounts.ts'

/**
 * Disables an account and ends its sessions everywhere. In this order: a login between the two would otherwise live on.
 * False where it is the last Super Admin; nothing has changed then.
 */
export async function disableAccount(
  accounts: Accounts,
  sessions: Sessions<object>,
  id: string,
  by?: string,
): Promise<boolean> {
  if (!(await accounts.disable(id))) return false
  await sessions.end({ subject: id }, 'account_disabled', by)
  return true
}
