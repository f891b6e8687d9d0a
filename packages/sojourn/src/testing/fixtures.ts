import type { Data, Session } from '../core/session.ts'
import type { NewSession } from '../core/store.ts'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** When the sessions of a test begin, unless it says otherwise. */
export const start = Date.UTC(2026, 0, 1)

export type SessionFields = Partial<Session>

let made = 0

/**
 * A live session of `u-1`, idle after 30 minutes, over after 12 hours, seen last when it was created; `fields` say what is
 * different, and what follows from `createdAt` follows.
 */
export function aSession(fields: SessionFields = {}): Session {
  const { createdAt = start, subject = 'u-1' } = fields
  const guest = subject === null
  return {
    id: `s-${++made}`,
    realm: 'main',
    app: null,
    subject,
    roles: guest ? [] : ['member'],
    method: guest ? null : 'password',
    amr: guest ? [] : ['pwd'],
    assurance: guest ? 0 : 1,
    authenticatedAt: guest ? null : createdAt,
    factors: guest ? [] : [{ amr: 'pwd', at: createdAt }],
    restored: false,
    createdAt,
    activatedAt: createdAt,
    lastSeenAt: createdAt,
    lag: 0,
    idleTimeout: 30 * minute,
    expiresAt: createdAt + 12 * hour,
    regeneratedAt: createdAt,
    policy: 'test',
    fingerprint: null,
    ip: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    family: null,
    rememberedUntil: null,
    parent: null,
    actor: null,
    revision: 0,
    endedAt: null,
    endReason: null,
    endedBy: null,
    ...fields,
  }
}

/**
 * A session to create, with the hash and the data that were given, or a hash of its own and no data. One that is remembered
 * gets a refresh token, with a hash of its own.
 */
export function newSession(fields: SessionFields & { secretHash?: string; data?: Data } = {}): NewSession {
  const { secretHash, data = {}, ...rest } = fields
  const session = aSession(rest)
  const { id, rememberedUntil } = session
  return {
    session,
    secretHash: secretHash ?? `hash-of-${id}`,
    data,
    ...(rememberedUntil === null ? {} : { refreshHash: `refresh-of-${id}` }),
  }
}

/** As many sessions as told, each with fields of its own. */
export function newSessions(
  count: number,
  fieldsOf: (index: number) => SessionFields = () => ({}),
): NewSession[] {
  return Array.from({ length: count }, (_, index) => newSession(fieldsOf(index)))
}
