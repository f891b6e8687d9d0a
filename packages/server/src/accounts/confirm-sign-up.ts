import type { Millis } from 'sojourn'
import type { Link } from '../links/links.ts'
import type { Parts } from '../parts.ts'
import type { Account } from './account.ts'
import { networkOf } from './network.ts'

export interface Confirmation {
  readonly token: string
  /** The password that was chosen at the sign-up. */
  readonly password: string
  readonly address: string | null
}

export type SignUpConfirmed =
  | { readonly state: 'created'; readonly account: Account; readonly link: Link<'sign-up'> }
  /** The link is not good, or the address has got an account since. */
  | { readonly state: 'gone' }
  | { readonly state: 'wrong' }
  | { readonly state: 'too_many'; readonly wait: Millis }

/**
 * Makes the account of a sign-up. The link shows whose address it is, the password that they are who signed up: without it
 * a stranger could sign up with somebody's address and have them confirm an account that the stranger has the password of.
 */
export async function confirmSignUp(
  { accounts, links, lockout }: Parts,
  { token, password, address }: Confirmation,
): Promise<SignUpConfirmed> {
  const seen = await links.look('sign-up', token)
  if (seen === undefined) return { state: 'gone' }
  const { name, email, passwordHash } = seen.details
  const trier = { email, address }
  const attempt = await lockout.attempt(trier)
  if (attempt.state === 'refused') return { state: 'too_many', wait: attempt.wait }
  const matches = await accounts
    .matches(password, passwordHash, networkOf(address))
    .catch(async (error: unknown) => {
      await lockout.giveBack(attempt.taken)
      throw error
    })
  if (!matches || attempt.state === 'pretend') return { state: 'wrong' }
  await lockout.succeed(trier, attempt.taken)
  const link = await links.spend('sign-up', token)
  const account = link && (await accounts.createConfirmed({ name, email, passwordHash }))
  return account === undefined ? { state: 'gone' } : { state: 'created', account, link: seen }
}
