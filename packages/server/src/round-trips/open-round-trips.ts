import type { Clock } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { DepartureLimit } from './departure-limit.ts'
import { RoundTrips } from './round-trips.ts'

export interface RoundTripParts {
  /** Sign-ins that are away at another site. */
  readonly roundTrips: RoundTrips
  readonly departures: DepartureLimit
}

export function openRoundTrips(database: Database, clock: Pick<Clock, 'now'>): RoundTripParts {
  return { roundTrips: new RoundTrips(database, clock), departures: new DepartureLimit(database, clock) }
}
