import type { Clock } from 'sojourn'
import type { Accounts } from '../accounts/accounts.ts'
import type { Database } from '../database/open-database.ts'
import { PlatformKeys } from '../lti/platform-keys.ts'
import type { Parts } from '../parts.ts'
import { DepartureLimit } from '../round-trips/departure-limit.ts'
import { RoundTrips } from '../round-trips/round-trips.ts'
import { IntegrationSessions } from './integration-sessions.ts'
import { IntegrationSubjects } from './integration-subjects.ts'
import { Integrations } from './integrations.ts'

type Integrating = Pick<
  Parts,
  | 'integrations'
  | 'integrationSubjects'
  | 'integrationSessions'
  | 'roundTrips'
  | 'departures'
  | 'platformKeys'
>

export function openIntegrations(
  database: Database,
  accounts: Accounts,
  clock: Pick<Clock, 'now'>,
): Integrating {
  return {
    integrations: new Integrations(database, clock),
    integrationSubjects: new IntegrationSubjects(database, accounts, clock),
    integrationSessions: new IntegrationSessions(database, clock),
    roundTrips: new RoundTrips(database, clock),
    departures: new DepartureLimit(database, clock),
    platformKeys: new PlatformKeys(clock),
  }
}

/** Forgets bounded batches of what is over. */
export async function sweepIntegrations({
  integrationSessions,
  integrationSubjects,
  roundTrips,
  sessions,
  links,
}: Integrating & Pick<Parts, 'sessions' | 'links'>): Promise<void> {
  await integrationSessions.sweep(sessions)
  await integrationSubjects.sweep(sessions, links)
  await roundTrips.sweep()
}
