import { invalidOption, SessionError } from '../core/errors.ts'
import type { Data, Json, Session } from '../core/session.ts'
import type { NewSession, RestoreResult, UpgradeResult, WriteResult } from '../core/store.ts'
import { frozenData, frozenJson } from '../core/frozen.ts'
import { jsonOfData, readRow } from './postgres-row.ts'
import type { Row } from './postgres-row.ts'

/** The sessions of rows that begin with them; a row may have none. */
export function readSessions(rows: readonly Row[]): readonly Session[] {
  return rows.filter(([id]) => id !== null).map(readRow)
}

/** Of rows that hold a status and a session each. */
export function readAdmission(rows: readonly Row[]): UpgradeResult {
  const status = rows[0]?.[0] as UpgradeResult['status']
  const sessions = readSessions(rows.map((row) => row.slice(1)))
  if (status === 'created') return { status, ended: sessions }
  return status === 'refused' ? { status, live: sessions } : { status }
}

/** Of rows that hold a status, whether the session is what is told of, and a session. */
export function readRestored(rows: readonly Row[], to: NewSession): RestoreResult {
  const status = rows[0]?.[0] as RestoreResult['status'] | 'mismatch'
  const [told] = readSessions(rows.filter(([, isTold]) => isTold === true).map((row) => row.slice(2)))
  const sessions = readSessions(rows.filter(([, isTold]) => isTold !== true).map((row) => row.slice(2)))
  if (status === 'spent') return { status, ended: sessions }
  if (status === 'refused') return { status, live: sessions }
  if (status === 'late' || status === 'gone') return { status }
  if (told === undefined) throw new TypeError(`No session to tell of: ${status}`)
  if (status === 'reused') return { status, session: told, ended: sessions }
  if (status === 'mismatch') throw mismatch(told, to.session)
  return { status, session: told }
}

function mismatch(predecessor: Session, to: Session): Error {
  const key =
    (['realm', 'subject', 'family'] as const).find((key) => to[key] !== predecessor[key]) ?? 'family'
  return invalidOption(`to.session.${key}`, `the predecessor's, ${predecessor[key]}`, to[key])
}

/** Of a row with status and data; `undefined` where the record is damaged. */
export function readRegenerated([status, text]: Row): 'regenerated' | 'lost' | 'gone' | undefined {
  if (status === 'gone') return 'gone'
  const isDamaged = status === 'damaged' || readData(String(text)) === undefined
  return isDamaged ? undefined : (status as 'regenerated' | 'lost')
}

/** Of a row with status, revision, data or value, key; `undefined` where the record is damaged. */
export function readWritten([given, now, text, key]: Row): WriteResult | undefined {
  const status = given as WriteResult['status'] | 'damaged'
  switch (status) {
    case 'damaged':
      return undefined
    case 'written': {
      const data = readData(String(text))
      return data === undefined ? undefined : { status, revision: Number(now), data }
    }
    case 'gone':
      return { status }
    case 'conflict':
      return { status, revision: Number(now) }
    case 'not_a_number':
      return { status, key: readKey(key), value: frozenJson(JSON.parse(String(text)) as Json) }
    case 'not_a_list':
      return { status, key: readKey(key) }
  }
}

function readData(text: string): Data | undefined {
  try {
    return frozenData(JSON.parse(jsonOfData(text)) as Data)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof SessionError) return undefined
    throw error
  }
}

function readKey(key: unknown): string {
  return JSON.parse(`"${String(key)}"`) as string
}
