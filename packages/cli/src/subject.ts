import type { Accounts } from '@sojourn/server'
import { Failure } from './failure.ts'

/** What sessions know a person by, who may be given by e-mail address. */
export async function subjectOf(accounts: Accounts, given: string): Promise<string> {
  if (!given.includes('@')) return given
  const account = await accounts.findByEmail(given)
  if (account === undefined) throw new Failure('no_account', `${given} has no account`)
  return account.id
}
