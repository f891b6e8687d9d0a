import { SessionError } from '../core/errors.ts'
import { frozenData } from '../core/frozen.ts'
import type { AssuranceLevel, Data, EndReason, Session } from '../core/session.ts'
import type { Found, Watermark } from '../core/store.ts'

/**
 * The columns of a session, in the order of its row, by the property that each holds. Moments and spans are whole
 * milliseconds, `roles` and `amr` are JSON arrays, truth is 0 or 1, absence is NULL.
 */
export const sessionColumns = {
  id: 'id',
  realm: 'realm',
  app: 'app',
  subject: 'subject',
  roles: 'roles',
  method: 'method',
  amr: 'amr',
  assurance: 'assurance',
  authenticatedAt: 'authenticated_at',
  restored: 'restored',
  createdAt: 'created_at',
  activatedAt: 'activated_at',
  lastSeenAt: 'last_seen_at',
  lag: 'lag',
  idleTimeout: 'idle_timeout',
  expiresAt: 'expires_at',
  regeneratedAt: 'regenerated_at',
  policy: 'policy',
  fingerprint: 'fingerprint',
  ip: 'ip',
  userAgent: 'user_agent',
  family: 'family',
  parent: 'parent',
  actor: 'actor',
  revision: 'revision',
  endedAt: 'ended_at',
  endReason: 'end_reason',
  endedBy: 'ended_by',
} as const satisfies Record<keyof Session, string>

/** What stands beside the session in its row. */
export const secretColumns = {
  secretHash: 'secret_hash',
  previousHash: 'previous_hash',
  confirmed: 'confirmed',
  data: 'data',
} as const

/** The values of `sessionColumns`. */
export type SessionRow = readonly [
  id: string,
  realm: string,
  app: string | null,
  subject: string | null,
  roles: string,
  method: string | null,
  amr: string,
  assurance: number,
  authenticatedAt: number | null,
  restored: number,
  createdAt: number,
  activatedAt: number | null,
  lastSeenAt: number,
  lag: number,
  idleTimeout: number | null,
  expiresAt: number | null,
  regeneratedAt: number,
  policy: string,
  fingerprint: string | null,
  ip: string | null,
  userAgent: string | null,
  family: string | null,
  parent: string | null,
  actor: string | null,
  revision: number,
  endedAt: number | null,
  endReason: string | null,
  endedBy: string | null,
]

/** A session's row, then the watermark that covers it, or two NULLs. */
export type StandingRow = readonly [...SessionRow, watermarkAt: number | null, watermarkReason: string | null]

/** As before, then the values of `secretColumns`. */
export type FoundRow = readonly [
  ...StandingRow,
  secretHash: string,
  previousHash: string | null,
  confirmed: number,
  data: string,
]

export function writeSession(session: Session): SessionRow {
  return [
    session.id,
    session.realm,
    session.app,
    session.subject,
    JSON.stringify(session.roles),
    session.method,
    JSON.stringify(session.amr),
    session.assurance,
    session.authenticatedAt,
    session.restored ? 1 : 0,
    session.createdAt,
    session.activatedAt,
    session.lastSeenAt,
    session.lag,
    session.idleTimeout,
    session.expiresAt,
    session.regeneratedAt,
    session.policy,
    session.fingerprint,
    session.ip,
    session.userAgent,
    session.family,
    session.parent,
    session.actor,
    session.revision,
    session.endedAt,
    session.endReason,
    session.endedBy,
  ]
}

/** Reads what it can: names that are damaged are none, so that one damaged row never hides the others. */
export function readSession(row: SessionRow | StandingRow | FoundRow): Session {
  return Object.freeze({
    id: row[0],
    realm: row[1],
    app: row[2],
    subject: row[3],
    roles: readNames(row[4]) ?? noNames,
    method: row[5],
    amr: readNames(row[6]) ?? noNames,
    assurance: row[7] as AssuranceLevel,
    authenticatedAt: row[8],
    restored: row[9] === 1,
    createdAt: row[10],
    activatedAt: row[11],
    lastSeenAt: row[12],
    lag: row[13],
    idleTimeout: row[14],
    expiresAt: row[15],
    regeneratedAt: row[16],
    policy: row[17],
    fingerprint: row[18],
    ip: row[19],
    userAgent: row[20],
    family: row[21],
    parent: row[22],
    actor: row[23],
    revision: row[24],
    endedAt: row[25],
    endReason: row[26] as EndReason | null,
    endedBy: row[27],
  } satisfies Session)
}

export function readWatermark(row: StandingRow | FoundRow): Watermark | null {
  const [at, reason] = [row[28], row[29]]
  return at === null || reason === null ? null : Object.freeze({ at, reason: reason as EndReason })
}

/** Fails closed: a damaged row is `invalid_data`, unless the session has ended and needs nothing of what is damaged. */
export function readFound(row: FoundRow): Found {
  const session = readSession(row)
  if (session.endedAt === null) {
    if (readNames(row[4]) === undefined) throw damaged(session.id, 'roles')
    if (readNames(row[6]) === undefined) throw damaged(session.id, 'amr')
  }
  return Object.freeze({
    session,
    secretHash: row[30],
    previousHash: row[31],
    confirmed: row[32] === 1,
    data: readData(row[33], session),
    watermark: readWatermark(row),
  })
}

const noNames: readonly string[] = Object.freeze([])
const noData: Data = Object.freeze(Object.create(null) as Data)

/** Few lists of names are ever in use at once, and reading one is dearer than looking it up. */
const names = new Map<string, readonly string[] | undefined>()

function readNames(text: string): readonly string[] | undefined {
  if (text === '[]') return noNames
  if (names.has(text)) return names.get(text)
  if (names.size >= 1000) names.clear()
  const value = parse(text)
  const read =
    Array.isArray(value) && value.every((item) => typeof item === 'string') ? Object.freeze(value) : undefined
  names.set(text, read)
  return read
}

function readData(text: string, session: Session): Data {
  if (text === '{}') return noData
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    try {
      return frozenData(value as Data)
    } catch (error) {
      if (!(error instanceof SessionError)) throw error
    }
  }
  if (session.endedAt !== null) return noData
  throw damaged(session.id, 'data')
}

/** The value of a JSON text, or `undefined`. What the text held never reaches a message. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function damaged(id: string, column: string): SessionError {
  return new SessionError(
    'invalid_data',
    `The row of session ${id} is damaged: ${column} does not hold the JSON that was written. End the session, or restore the row`,
  )
}
