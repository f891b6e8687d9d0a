import type { AssuranceLevel, Data, Instant } from 'sojourn'
import { type Account, sessionRoles } from './accounts/account.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { FactorProof } from './factors/factor-proof.ts'
import type { IntegrationKindName } from './integrations/integration.ts'
import type { Asked, Parts } from './parts.ts'

export interface Beginning {
  readonly method: 'password' | 'magic_link' | 'passkey' | IntegrationKindName
  readonly amr: readonly string[]
  /** Given where all factors were shown at once: nobody is asked for a second step then. */
  readonly assurance?: AssuranceLevel
  /** Never heard of a method that is for this visit alone: the library forgets it there. */
  readonly remember: boolean
  /** The id of the integration whose word it stands on. */
  readonly integration?: string
  /** What is kept with the session from its start. */
  readonly data?: Data
  /** The last moment that whoever vouches allows. */
  readonly endsAt?: Instant
}

/**
 * Begins the session of an account whose credentials were right a moment ago. `choose`: it waits for its person to end
 * another one. `second-step`: it waits for a second factor, which its account has. `outdated`: they or its roles changed
 * meanwhile, or the account is closed; nobody is signed in then. Without this last look a sign-in by the old password that is
 * under way during a reset would outlive it, and one by the old roles would go on under their policy. Throws where a limit
 * refuses.
 */
export async function beginSession(
  asked: Asked,
  parts: Parts,
  account: Account,
  { integration, ...how }: Beginning,
): Promise<'signed-in' | 'choose' | 'second-step' | 'outdated'> {
  const { factors, sessions } = parts
  const { session } = asked.var
  const pending = how.assurance === undefined && (await factors.isOn(account.id))
  const choice = await session.login(account.id, { ...how, roles: sessionRoles(account), pending })
  if ((await isVouchedFor(asked, parts, integration)) && (await isCurrent(parts.accounts, account))) {
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

/**
 * Notes which integration has begun the session, and looks whether its word still counts, in this order: whoever closes the
 * integration closes it first and ends what is noted then, so that no session slips between the two.
 */
async function isVouchedFor(
  { var: { session } }: Asked,
  { integrations, integrationSessions }: Parts,
  integration: string | undefined,
): Promise<boolean> {
  if (integration === undefined) return true
  const id = session.id ?? session.waiting?.session.id
  if (id === undefined) return false
  await integrationSessions.note(id, integration)
  return (await integrations.find(integration))?.enabled === true
}

async function isCurrent(accounts: Accounts, { id, credentialRevision, roles }: Account): Promise<boolean> {
  const now = await accounts.find(id)
  return (
    now?.disabledAt === null &&
    now.credentialRevision === credentialRevision &&
    now.roles.join() === roles.join()
  )
}

async function giveUp({ var: { session } }: Asked, sessions: Parts['sessions']): Promise<void> {
  const id = session.id ?? session.waiting?.session.id
  if (id !== undefined) await sessions.end({ id }, 'credential_changed')
  await session.logout()
}
