import type { Link } from '../links/links.ts'
import { type Account, emailKey } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { Purpose } from '../links/purpose.ts'

/** The account that a link opens: there still, not disabled, and with the address that the link was sent to. */
export async function openedByLink(
  accounts: Accounts,
  link: Pick<Link<Purpose>, 'account' | 'emailKey'> | undefined,
): Promise<Account | undefined> {
  if (link === undefined || link.account === null) return undefined
  const account = await accounts.find(link.account)
  const isOpen = account?.disabledAt === null && emailKey(account.email) === link.emailKey
  return isOpen ? account : undefined
}
