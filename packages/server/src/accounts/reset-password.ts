import { letters } from '../mail/letters.ts'
import type { Parts } from '../parts.ts'
import { siteOf } from '../site.ts'
import type { Account } from './account.ts'
import { networkOf } from './network.ts'
import { openedByLink } from './opened-by-link.ts'
import { proveAddress } from './prove-address.ts'

export interface Reset {
  readonly token: string
  /** One that was found fit to be a password. */
  readonly password: string
  readonly address: string | null
}

/**
 * Sets a new password for whoever holds the link, and ends all sessions of the account: whoever asks has not shown that one
 * of them is theirs. It signs nobody in. `undefined`: the link is not good. They end before it, and once more after it: what is saved
 * holds for every sign-in that comes then, and all that came before has ended.
 */
export async function resetPassword(
  parts: Parts,
  { token, password, address }: Reset,
): Promise<Account | undefined> {
  const { accounts, sessions, links, lockout, mailer, config } = parts
  const seen = await openedByLink(accounts, await links.look('reset-password', token))
  if (seen === undefined) return undefined
  // First the work that may be refused for being too much at once: the link stays good then.
  const hash = await accounts.hash(password, networkOf(address))
  // While the sessions cannot be ended, because their store is down, nothing has changed, and the link stays good.
  await sessions.end({ subject: seen.id }, 'credential_changed')
  const account = await openedByLink(accounts, await links.spend('reset-password', token))
  if (account === undefined) return undefined
  await accounts.setPasswordHash(account.id, hash)
  await proveAddress(parts, account)
  await links.revoke(account.id)
  await sessions.credentialChanged(account.id, { credential: 'password', how: 'reset' })
  await lockout.forget(account.email)
  mailer?.post({ to: account.email, ...letters.changed(siteOf(config), 'password') })
  return account
}
