import type { Account } from '../accounts/account.ts'
import { refuse } from '../answer.ts'
import type { Asked, Parts } from '../parts.ts'

/** The account that an address names by `:id`; `undefined`: there is none. */
export function namedAccount(
  asked: Asked,
  { accounts }: Pick<Parts, 'accounts'>,
): Promise<Account | undefined> {
  return accounts.find(asked.req.param('id') ?? '')
}

export function noSuchAccount(asked: Asked): Response {
  return refuse(asked, 404, 'not_found', 'There is no such account.')
}
