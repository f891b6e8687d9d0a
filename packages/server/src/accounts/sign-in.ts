import type { Millis } from 'sojourn'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout, Trier } from './lockout.ts'
import { networkOf } from './network.ts'

export interface Credentials extends Trier {
  readonly password: string
}

export type SignedIn =
  | { readonly state: 'opened'; readonly account: Account }
  /**
   * The account is unknown, disabled, or locked for this network, or the password is wrong: for all of them the same answer
   * after the same work.
   */
  | { readonly state: 'wrong' }
  /** This network or this device has tried too often, whoever it was for. No password was looked at. */
  | { readonly state: 'too_many'; readonly wait: Millis }

/**
 * What the credentials open. An attempt counts as failed until it is known to be none: one that could not be judged (too
 * many wait, the database is down) is given back. What comes after, such as a refusal by a session limit, is no failure.
 */
export async function signIn(accounts: Accounts, lockout: Lockout, who: Credentials): Promise<SignedIn> {
  const attempt = await lockout.attempt(who)
  if (attempt.state === 'refused') return { state: 'too_many', wait: attempt.wait }
  const { taken } = attempt
  const account = await accounts
    .verify(who.email, who.password, networkOf(who.address))
    .catch(async (error: unknown) => {
      await lockout.giveBack(taken)
      throw error
    })
  if (attempt.state === 'pretend' || account === undefined) return { state: 'wrong' }
  await lockout.succeed(who, taken)
  return { state: 'opened', account }
}
