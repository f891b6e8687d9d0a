import { SessionError } from './errors.ts'
import type { Data, Factor, Json, Session } from './session.ts'

/** Far deeper than a policy allows, and far from the end of the stack. */
const deepest = 256

/** A deep, frozen copy of the data with no prototype. Refuses what is no JSON, and the key `__proto__`, as `invalid_data`. */
export function frozenData(data: Data): Data {
  return frozenMap(data, Object.create(null) as { [key: string]: Json }, 0)
}

/** A deep, frozen copy. Refuses what is no JSON, and the key `__proto__`, as `invalid_data`. */
export function frozenJson(value: Json | undefined, depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  // Adding 0 makes -0, which JSON cannot write, a 0.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0
  if (typeof value === 'number')
    throw new SessionError('invalid_data', `Expected a finite number, got ${value}`)
  if (typeof value !== 'object') throw new SessionError('invalid_data', `Expected JSON, got ${typeof value}`)
  if (depth > deepest)
    throw new SessionError('invalid_data', `Data is nested more than ${deepest} levels deep`)
  if (Array.isArray(value))
    return Object.freeze(Array.from(value, (item: Json) => frozenJson(item, depth + 1)))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new SessionError('invalid_data', 'Expected plain JSON, got an instance of a class')
  }
  return frozenMap(value as Data, {}, depth + 1)
}

function frozenMap(from: Data, to: { [key: string]: Json }, depth: number): Data {
  for (const key of Object.keys(from)) {
    refusePrototypeKey(key)
    to[key] = frozenJson(from[key], depth)
  }
  return Object.freeze(to)
}

/** An own `__proto__` is JSON, but the first `Object.assign` after it would change a prototype. */
export function refusePrototypeKey(key: string): void {
  if (key === '__proto__')
    throw new SessionError('invalid_data', 'The key __proto__ is not allowed in session data')
}

/** A frozen copy with every property in one order, so that all records have one shape and none has a stranger's property. */
export function frozenSession(session: Session): Session {
  return Object.freeze({
    id: session.id,
    realm: session.realm,
    app: session.app,
    subject: session.subject,
    roles: Object.freeze([...session.roles]),
    method: session.method,
    amr: Object.freeze([...session.amr]),
    assurance: session.assurance,
    authenticatedAt: session.authenticatedAt,
    factors: frozenFactors(session.factors),
    restored: session.restored,
    createdAt: session.createdAt,
    activatedAt: session.activatedAt,
    lastSeenAt: session.lastSeenAt,
    lag: session.lag,
    idleTimeout: session.idleTimeout,
    expiresAt: session.expiresAt,
    regeneratedAt: session.regeneratedAt,
    policy: session.policy,
    fingerprint: session.fingerprint,
    ip: session.ip,
    userAgent: session.userAgent,
    family: session.family,
    rememberedUntil: session.rememberedUntil,
    parent: session.parent,
    actor: session.actor,
    revision: session.revision,
    endedAt: session.endedAt,
    endReason: session.endReason,
    endedBy: session.endedBy,
  } satisfies Session)
}

export function frozenFactors(factors: readonly Factor[]): readonly Factor[] {
  return Object.freeze(factors.map(({ amr, at }) => Object.freeze({ amr, at })))
}
