import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout } from './lockout.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  readonly address: string | null
}

/**
 * The account that the credentials open, or `undefined`: for all that is wrong the same answer after the same work, whether
 * the account is unknown, disabled or locked. What happens after that, such as a refusal by a session limit, is no failure.
 */
export async function signIn(
  accounts: Accounts,
  lockout: Lockout,
  { email, password, address }: Credentials,
): Promise<Account | undefined> {
  const mayTry = await lockout.attempt(email, address)
  const account = await accounts.verify(email, password)
  if (!mayTry || account === undefined) return undefined
  await lockout.succeed(email, address)
  return account
}
