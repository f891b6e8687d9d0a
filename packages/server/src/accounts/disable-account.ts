import type { Sessions } from 'sojourn'
import type { Accounts } from './accounts.ts'

/** Disables an account and ends its sessions everywhere. In this order: a login between the two would otherwise live on. */
export async function disableAccount(
  accounts: Accounts,
  sessions: Sessions<object>,
  id: string,
  by?: string,
): Promise<void> {
  await accounts.disable(id)
  await sessions.end({ subject: id }, 'account_disabled', by)
}
