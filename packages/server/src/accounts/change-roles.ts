import type { Sessions } from 'sojourn'
import type { Role } from './account.ts'
import type { Accounts } from './accounts.ts'

/**
 * Gives an account other roles and ends its sessions: each began under the policy of the former ones, and a new privilege
 * takes a new sign-in (ASVS 7.2.4). In this order: a login between the two would otherwise live on. False where it is the
 * last Super Admin; nothing has changed then.
 */
export async function changeRoles(
  accounts: Accounts,
  sessions: Sessions<object>,
  { id, roles, by }: { readonly id: string; readonly roles: readonly Role[]; readonly by?: string },
): Promise<boolean> {
  if (!(await accounts.setRoles(id, roles))) return false
  await sessions.end({ subject: id }, 'policy_changed', by)
  return true
}
