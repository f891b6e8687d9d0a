import { frozenData, frozenFactors } from '../core/frozen.ts'
import { deadlineOf } from '../core/session.ts'
import type { Session } from '../core/session.ts'
import type { Elevation, NewSession } from '../core/store.ts'
import type { Row, Value } from './mysql-client.ts'
import { markedData } from './mysql-data.ts'
import { secretKeys, sessionKeys } from './mysql-terms.ts'
import { readSession, writeSession } from './sql-row.ts'
import type { FoundRow, StandingRow } from './sql-row.ts'

const numbers = new Set<string>([
  'assurance',
  'authenticatedAt',
  'restored',
  'createdAt',
  'activatedAt',
  'lastSeenAt',
  'lag',
  'idleTimeout',
  'expiresAt',
  'regeneratedAt',
  'rememberedUntil',
  'revision',
  'endedAt',
  'watermarkAt',
  'confirmed',
  'refreshExpiresAt',
  'refreshUsedAt',
])
const places = [...sessionKeys, 'watermarkAt', 'watermarkReason', ...secretKeys].flatMap((key, index) =>
  numbers.has(key) ? [index] : [],
)

/** A row whose numbers are numbers: a pool may be told to read large ones as text. */
export function readRow(row: Row): FoundRow {
  const read = [...row]
  for (const place of places) {
    if (typeof read[place] === 'string') read[place] = Number(read[place])
  }
  return read as unknown as FoundRow
}

export function readSessions(rows: readonly Row[] = []): readonly Session[] {
  return rows.map((row) => readSession(readRow(row) as unknown as StandingRow))
}

/** The values of `insertedKeys`. */
export function writeEntry(
  { session, secretHash, data, refreshHash }: NewSession,
  confirmed: boolean,
): Value[] {
  const refresh = refreshHash === undefined || session.rememberedUntil === null ? null : refreshHash
  const secrets = [secretHash, null, confirmed ? 1 : 0, markedData(frozenData(data)), refresh]
  const used = [refresh === null ? null : session.rememberedUntil, null, null]
  return [...writeSession(session), ...secrets, ...used, deadlineOf(session)]
}

/** What verifying a factor changes of a session, and whether it does, as `regenerate` takes it. */
export function writeElevation(elevation: Elevation | undefined): Value[] {
  if (elevation === undefined) return [0, null, null, null, null, null, null]
  const { assurance, amr, authenticatedAt, factors, restored, expiresAt } = elevation
  const proven = [assurance, JSON.stringify(amr), authenticatedAt, JSON.stringify(frozenFactors(factors))]
  return [1, ...proven, restored ? 1 : 0, expiresAt]
}
