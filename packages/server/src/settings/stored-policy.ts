import { type PolicyInput, SessionError } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { composePolicy } from './compose-policy.ts'
import { readStored } from './stored-settings.ts'

/** The policy by which the servers of a database go, where `configured` is that of the configuration. */
export async function storedPolicy(database: Database, configured: PolicyInput): Promise<PolicyInput> {
  return composePolicy(configured, await readStored(database))
}

/** Opens sessions under that policy. Who starts a server is told where the fault may lie: the configuration alone may be right. */
export function underStored<T>(configured: PolicyInput, policy: PolicyInput, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (policy === configured || !(error instanceof SessionError)) throw error
    const hint = "as set in the database, see 'sojourn settings list'"
    throw new SessionError(error.code, `${error.message} (${hint})`)
  }
}
