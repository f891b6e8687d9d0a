import { type Account, sessionRoles } from './accounts/account.ts'
import type { Asked, Parts } from './parts.ts'

export interface Beginning {
  readonly method: 'password' | 'magic_link'
  readonly amr: readonly string[]
  readonly remember: boolean
}

/**
 * Begins the session of an account whose credentials were right a moment ago. `choose`: it waits for its person to end
 * another one. `outdated`: they changed meanwhile, or the account is closed; nobody is signed in then. Without this last look
 * a sign-in by the old password that is under way during a reset would outlive it. Throws where a limit refuses.
 */
export async function beginSession(
  asked: Asked,
  { accounts, sessions }: Parts,
  account: Account,
  how: Beginning,
): Promise<'signed-in' | 'choose' | 'outdated'> {
  const { session } = asked.var
  const choice = await session.login(account.id, { ...how, roles: sessionRoles(account) })
  const now = await accounts.find(account.id)
  const isCurrent = now?.disabledAt === null && now.credentialRevision === account.credentialRevision
  if (isCurrent) return choice === null ? 'signed-in' : 'choose'
  const { id } = session
  if (id !== null) await sessions.end({ id }, 'credential_changed')
  await session.logout()
  return 'outdated'
}
