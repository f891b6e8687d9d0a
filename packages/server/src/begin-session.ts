import type { AssuranceLevel } from 'sojourn'
import { type Account, sessionRoles } from './accounts/account.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { FactorProof } from './factors/factor-proof.ts'
import type { Asked, Parts } from './parts.ts'

export interface Beginning {
  readonly method: 'password' | 'magic_link' | 'passkey'
  readonly amr: readonly string[]
  /** Given where all factors were shown at once: nobody is asked for a second step then. */
  readonly assurance?: AssuranceLevel
  readonly remember: boolean
}

/**
 * Begins the session of an account whose credentials were right a moment ago. `choose`: it waits for its person to end
 * another one. `second-step`: it waits for a second factor, which its account has. `outdated`: they changed meanwhile, or the account is closed; nobody is signed in then. Without this last look
 * a sign-in by the old password that is under way during a reset would outlive it. Throws where a limit refuses.
 */
export async function beginSession(
  asked: Asked,
  { accounts, factors, sessions }: Parts,
  account: Account,
  how: Beginning,
): Promise<'signed-in' | 'choose' | 'second-step' | 'outdated'> {
  const { session } = asked.var
  const pending = how.assurance === undefined && (await factors.isOn(account.id))
  const choice = await session.login(account.id, { ...how, roles: sessionRoles(account), pending })
  if (await isCurrent(accounts, account)) {
    if (pending) return 'second-step'
    return choice === null ? 'signed-in' : 'choose'
  }
  await giveUp(asked, sessions)
  return 'outdated'
}

/** The second step of a sign-in that waits for it was right: the same session begins, under a new token. As `beginSession`. */
export async function completeSession(
  asked: Asked,
  { accounts, sessions }: Parts,
  account: Account,
  proof: FactorProof,
): Promise<'signed-in' | 'choose' | 'outdated'> {
  const choice = await asked.var.session.activate({ ...proof, roles: sessionRoles(account) })
  if (await isCurrent(accounts, account)) return choice === null ? 'signed-in' : 'choose'
  await giveUp(asked, sessions)
  return 'outdated'
}

async function isCurrent(accounts: Accounts, { id, credentialRevision }: Account): Promise<boolean> {
  const now = await accounts.find(id)
  return now?.disabledAt === null && now.credentialRevision === credentialRevision
}

async function giveUp({ var: { session } }: Asked, sessions: Parts['sessions']): Promise<void> {
  const { id } = session
  if (id !== null) await sessions.end({ id }, 'credential_changed')
  await session.logout()
}
