import type { InferOutput } from 'valibot'
import type { Millis } from 'sojourn'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout } from './lockout.ts'
import type { signupForm } from './new-account.ts'
import { networkOf } from './network.ts'

export type SignedUp =
  | { readonly state: 'created'; readonly account: Account }
  /** The e-mail address has an account. It took as long to find out as to make one: the password was hashed. */
  | { readonly state: 'taken' }
  /** This network has signed up too often. Nothing was looked up. */
  | { readonly state: 'too_many'; readonly wait: Millis }

/**
 * Makes an account for whoever asks. As long as the answer is given to who asks, and not to the e-mail address, it cannot
 * but tell whether that address has an account: a sign-in would tell it anyway. So a network may ask a few times only, each
 * time counted, made or not. A server that sends mail tells neither: there, `askSignUp`.
 */
export async function signUp(
  accounts: Accounts,
  lockout: Lockout,
  form: InferOutput<typeof signupForm>,
  address: string | null,
): Promise<SignedUp> {
  const taken = await lockout.signUp(address)
  if (typeof taken === 'number') return { state: 'too_many', wait: taken }
  const account = await accounts.create(form, networkOf(address)).catch(async (error: unknown) => {
    await lockout.giveBack([taken])
    throw error
  })
  return account === undefined ? { state: 'taken' } : { state: 'created', account }
}
