import { invalidOption, SessionError } from '../core/errors.ts'
import type { Json, Session } from '../core/session.ts'
import type {
  Change,
  Changes,
  Found,
  NewSession,
  RestoreResult,
  UpgradeResult,
  WriteResult,
} from '../core/store.ts'
import { readFound, readSession, sessionColumns } from './sql-row.ts'
import type { FoundRow, SessionRow } from './sql-row.ts'

/** A page of sessions, and the place to go on from. */
export type PageAnswer = readonly [items: unknown, last: readonly [createdAt: number, id: string] | null]
export type SweepAnswer = readonly [ended: unknown, purged: number, minimised: number, more: number]

export function readSessions(rows: unknown): readonly Session[] {
  return (rows as readonly SessionRow[]).map(readSession)
}

/** What is known of a session, as it stands there; `damaged` where it could not be read at all. */
type FoundAnswer =
  | readonly ['damaged']
  | readonly [
      row: string,
      seen: string,
      watermarkAt: number | null,
      watermarkReason: string | null,
      secret: string,
      previous: string | null,
      confirmed: number,
      data: string,
      refresh: string | null,
    ]

export function readFoundAnswer(answer: unknown, id: string): Found {
  const found = answer as FoundAnswer
  if (found.length === 1) throw damaged(id)
  const [row, seen, at, reason, secret, previous, confirmed, data, refresh] = found
  const values = listOf(row)
  const [lastSeenAt, lag] = seen.split(' ').map(Number)
  const isSound = values?.length === columns.length && Number.isInteger(lastSeenAt) && Number.isInteger(lag)
  if (!isSound) throw damaged(id)
  values[seenAt] = lastSeenAt
  values[lagAt] = lag
  const [hash = null, until = null, used = null, successor = null] =
    refresh === null ? [] : (listOf(refresh) ?? [])
  values.push(at, reason, secret, previous, confirmed, data, hash, until, used, successor)
  return readFound(values as unknown as FoundRow)
}

const columns = Object.keys(sessionColumns)
const seenAt = columns.indexOf('lastSeenAt')
const lagAt = columns.indexOf('lag')

/** The values of a list, of which those that are absent stand as `false`. */
function listOf(text: string): unknown[] | undefined {
  try {
    const values = JSON.parse(text) as unknown
    if (!Array.isArray(values)) return undefined
    for (let at = 0; at < values.length; at++) if (values[at] === false) values[at] = null
    return values as unknown[]
  } catch {
    return undefined
  }
}

function damaged(id: string): SessionError {
  return new SessionError(
    'invalid_data',
    `The record of session ${id} is damaged: it does not hold the row that was written. Delete its key, or restore it`,
  )
}

export function readAdmission(answer: unknown): UpgradeResult {
  const [status, rows] = answer as readonly [UpgradeResult['status'], unknown]
  switch (status) {
    case 'created':
      return { status, ended: readSessions(rows) }
    case 'refused':
      return { status, live: readSessions(rows) }
    case 'duplicate':
    case 'gone':
    case 'conflict':
      return { status }
  }
}

type RestoredAnswer =
  | readonly ['spent' | 'refused', readonly SessionRow[]]
  | readonly ['grace' | 'lost_response', SessionRow]
  | readonly ['reused', SessionRow, readonly SessionRow[]]
  | readonly ['late' | 'gone']
  | readonly ['mismatch', 'realm' | 'subject' | 'family', string | null]

export function readRestored(given: unknown, to: NewSession): RestoreResult {
  const answer = given as RestoredAnswer
  switch (answer[0]) {
    case 'spent':
      return { status: 'spent', ended: readSessions(answer[1]) }
    case 'refused':
      return { status: 'refused', live: readSessions(answer[1]) }
    case 'grace':
    case 'lost_response':
      return { status: answer[0], session: readSession(answer[1]) }
    case 'reused':
      return { status: 'reused', session: readSession(answer[1]), ended: readSessions(answer[2]) }
    case 'mismatch': {
      const [, key, expected] = answer
      throw invalidOption(`to.session.${key}`, `the predecessor's, ${expected}`, to.session[key])
    }
    default:
      return { status: answer[0] }
  }
}

type WrittenAnswer =
  | readonly ['written', FoundAnswer]
  | readonly ['gone' | 'damaged']
  | readonly ['conflict', number]
  | readonly ['not_a_number' | 'not_finite', key: string, text: string]
  | readonly ['not_a_list', key: string]

export function readWritten(given: unknown, id: string): WriteResult {
  const answer = given as WrittenAnswer
  switch (answer[0]) {
    case 'written': {
      const { session, data } = readFoundAnswer(answer[1], id)
      return { status: 'written', revision: session.revision, data }
    }
    case 'gone':
      return { status: 'gone' }
    case 'damaged':
      readFoundAnswer(answer, id)
      return { status: 'gone' }
    case 'conflict':
      return { status: 'conflict', revision: answer[1] }
    case 'not_a_number':
      return { status: 'not_a_number', key: keyOf(answer[1]), value: JSON.parse(answer[2]) as Json }
    case 'not_a_list':
      return { status: 'not_a_list', key: keyOf(answer[1]) }
    case 'not_finite':
      throw new SessionError(
        'invalid_data',
        `add ${keyOf(answer[1])}: expected a finite sum, got ${answer[2]}`,
      )
  }
}

function keyOf(field: string): string {
  return String(JSON.parse(field))
}

export function readChanges(answer: unknown): Changes {
  const [gap, cursor, told] = answer as readonly [number, string, readonly string[]]
  return { changes: told.map((text) => JSON.parse(text) as Change), cursor, gap: gap === 1 }
}
