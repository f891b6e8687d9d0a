import type { Account } from '../accounts/account.ts'
import type { Asked } from '../parts.ts'

/** The account of a request to a route that is not public. */
export function signedIn({ var: { account } }: Asked): Account {
  if (account === undefined) throw new Error('a route that needs an account is declared public')
  return account
}
