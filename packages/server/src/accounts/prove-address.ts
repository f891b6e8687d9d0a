import type { Parts } from '../parts.ts'
import type { Account } from './account.ts'

/**
 * Somebody has shown that they read what is sent to the account's address. Where an integration made the account, the
 * address was its word, and whoever came by that word may be anybody: they could have brought the address of somebody else,
 * and waited until its owner used the account. So the first time all goes that opens it by itself and was there before: what
 * the integration means by it, passkeys, sessions. By its word another account is made then; a Super Admin may join both.
 * Gives the account as it is now.
 */
export async function proveAddress(
  { accounts, factors, integrationSubjects, sessions, log }: Parts,
  account: Account,
): Promise<Account> {
  const { id } = account
  if (account.emailVerifiedAt === null && (await integrationSubjects.leave(id))) {
    await factors.passkeys.removeAll(id)
    // A sign-in by any of them that is under way notices by it, or ends here.
    await accounts.noteChange(id)
    await sessions.end({ subject: id }, 'credential_changed')
    log.info({ event: 'integration.left', account: id }, 'an account is its mailbox’s owner’s alone')
  }
  await accounts.noteVerified(id)
  return (await accounts.find(id)) ?? account
}
