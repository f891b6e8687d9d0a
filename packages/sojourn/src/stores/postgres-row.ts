import { frozenData } from '../core/frozen.ts'
import { deadlineOf } from '../core/session.ts'
import type { Data, Json, Session } from '../core/session.ts'
import type { Elevation, Found, NewSession } from '../core/store.ts'
import { secretKeys, sessionKeys } from './postgres-sql/fragments.ts'
import type { ColumnName, Names } from './sql-names.ts'
import { readFound, readSession } from './sql-row.ts'
import type { FoundRow, SessionRow } from './sql-row.ts'

/** A row as a client reads it. Numbers of eight bytes may be texts, or of another kind that the application chose. */
export type Row = readonly unknown[]

const numeric: ReadonlySet<keyof Session> = new Set<keyof Session>([
  ...(['assurance', 'authenticatedAt', 'restored', 'createdAt', 'activatedAt', 'lastSeenAt', 'lag'] as const),
  ...(['idleTimeout', 'expiresAt', 'regeneratedAt', 'rememberedUntil', 'revision', 'endedAt'] as const),
])
const dataAt = sessionKeys.length + 2 + secretKeys.indexOf('data')
const numbers = sessionKeys.flatMap((key, at) => (numeric.has(key) ? [at] : []))
/** The session of a row that begins with it. */
export function readRow(row: Row): Session {
  return readSession(withNumbers(row) as unknown as SessionRow)
}

/** What `find` answers: all columns in one, as a JSON array. */
export function readFoundRow([columns]: Row): Found {
  const values = JSON.parse(String(columns)) as unknown[]
  const [at, reason] = (values.pop() ?? [null, null]) as readonly unknown[]
  values.splice(sessionKeys.length, 0, at, reason)
  values[dataAt] = jsonOfData(String(values[dataAt]))
  return readFound(values as unknown as FoundRow)
}

function withNumbers(row: Row): unknown[] {
  const values = [...row]
  for (const at of numbers) {
    const value = values[at]
    if (value !== null && value !== undefined) values[at] = Number(value)
  }
  return values
}

/** A session to be created, as JSON by the names of columns. Whether its secret counts as presented: see `restore`. */
export function writeEntry(
  { session, secretHash, data, refreshHash }: NewSession,
  confirmed: boolean,
  { c }: Names,
): string {
  const refresh = refreshHash === undefined || session.rememberedUntil === null ? null : refreshHash
  const values: { readonly [column in ColumnName]: unknown } = {
    ...session,
    restored: session.restored ? 1 : 0,
    secretHash,
    previousHash: null,
    confirmed: confirmed ? 1 : 0,
    data: writeValues(frozenData(data)),
    refreshHash: refresh,
    refreshExpiresAt: refresh === null ? null : session.rememberedUntil,
    refreshUsedAt: null,
    refreshSuccessor: null,
    dueAt: deadlineOf(session),
  }
  return namedByColumn(values, c)
}

export function writeElevation(elevation: Elevation, { c }: Names): string {
  const { assurance, amr, authenticatedAt, factors, restored, expiresAt } = elevation
  return namedByColumn({ assurance, amr, authenticatedAt, factors, restored: restored ? 1 : 0, expiresAt }, c)
}

function namedByColumn(values: { readonly [column in ColumnName]?: unknown }, c: Names['c']): string {
  const keys = Object.keys(c) as ColumnName[]
  return JSON.stringify(
    Object.fromEntries(keys.flatMap((key) => (key in values ? [[c[key].slice(1, -1), values[key]]] : []))),
  )
}

/** A key as it stands between the quotes of JSON. */
export function writeKey(key: string): string {
  return JSON.stringify(key).slice(1, -1)
}

/** Keys and values as they are stored. */
export function writeValues(data: Data): { readonly [key: string]: string } {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [writeKey(key), JSON.stringify(value)]),
  )
}

/** Data as it was stored, as the JSON that was written; what is damaged as a text that is no JSON. */
export function jsonOfData(stored: string): string {
  if (stored === '{}') return stored
  const values = JSON.parse(stored) as Json
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return ''
  const members: string[] = []
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'string') return ''
    members.push(`"${key}":${value}`)
  }
  return `{${members.join(',')}}`
}
