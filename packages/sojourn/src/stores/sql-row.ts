import { SessionError } from '../core/errors.ts'
import { frozenData, frozenFactors } from '../core/frozen.ts'
import type { Refresh } from '../core/remember.ts'
import type { AssuranceLevel, Data, EndReason, Factor, Session } from '../core/session.ts'
import type { Found, Watermark } from '../core/store.ts'

/**
 * The columns of a session, in the order of its row, by the property that each holds. Moments and spans are whole
 * milliseconds, `roles`, `amr` and `factors` are JSON arrays, truth is 0 or 1, absence is NULL.
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
  factors: 'factors',
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
  rememberedUntil: 'remembered_until',
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
  refreshHash: 'refresh_hash',
  refreshExpiresAt: 'refresh_expires_at',
  refreshUsedAt: 'refresh_used_at',
  refreshSuccessor: 'refresh_successor',
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
  factors: string,
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
  rememberedUntil: number | null,
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
  refreshHash: string | null,
  refreshExpiresAt: number | null,
  refreshUsedAt: number | null,
  refreshSuccessor: string | null,
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
    JSON.stringify(session.factors),
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
    session.rememberedUntil,
    session.parent,
    session.actor,
    session.revision,
    session.endedAt,
    session.endReason,
    session.endedBy,
  ]
}

/** Reads what it can: names and factors that are damaged are none, so that one damaged row never hides the others. */
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
    factors: readFactors(row[9]) ?? noFactors,
    restored: row[10] === 1,
    createdAt: row[11],
    activatedAt: row[12],
    lastSeenAt: row[13],
    lag: row[14],
    idleTimeout: row[15],
    expiresAt: row[16],
    regeneratedAt: row[17],
    policy: row[18],
    fingerprint: row[19],
    ip: row[20],
    userAgent: row[21],
    family: row[22],
    rememberedUntil: row[23],
    parent: row[24],
    actor: row[25],
    revision: row[26],
    endedAt: row[27],
    endReason: row[28] as EndReason | null,
    endedBy: row[29],
  } satisfies Session)
}

export function readWatermark(row: StandingRow | FoundRow): Watermark | null {
  const [at, reason] = [row[30], row[31]]
  return at === null || reason === null ? null : Object.freeze({ at, reason: reason as EndReason })
}

/** Fails closed: a damaged row is `invalid_data`, unless the session has ended and needs nothing of what is damaged. */
export function readFound(row: FoundRow): Found {
  const session = readSession(row)
  if (session.endedAt === null) {
    if (readNames(row[4]) === undefined) throw damaged(session.id, 'roles')
    if (readNames(row[6]) === undefined) throw damaged(session.id, 'amr')
    if (readFactors(row[9]) === undefined) throw damaged(session.id, 'factors')
  }
  const refresh = readRefresh(row)
  return Object.freeze({
    session,
    secretHash: row[32],
    previousHash: row[33],
    confirmed: row[34] === 1,
    data: readData(row[35], session),
    ...(refresh === undefined ? {} : { refresh }),
    watermark: readWatermark(row),
  })
}

function readRefresh(row: FoundRow): Refresh | undefined {
  const [hash, expiresAt, usedAt, successor] = [row[36], row[37], row[38], row[39]]
  if (hash === null || expiresAt === null) return undefined
  return Object.freeze({ hash, expiresAt, usedAt, successor })
}

const noFactors: readonly Factor[] = Object.freeze([])
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

function readFactors(text: string): readonly Factor[] | undefined {
  if (text === '[]') return noFactors
  const value = parse(text)
  return Array.isArray(value) && value.every(isFactor) ? frozenFactors(value) : undefined
}

function isFactor(value: unknown): value is Factor {
  if (typeof value !== 'object' || value === null || !('amr' in value) || !('at' in value)) return false
  return typeof value.amr === 'string' && Number.isSafeInteger(value.at)
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
