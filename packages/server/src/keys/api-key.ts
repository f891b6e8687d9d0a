import type { Instant } from 'sojourn'
import type { ApiKeysTable } from './api-keys-table.ts'
import { isScope, type Scope } from './scopes.ts'

/** What may be shown of a key. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Requests a minute that one node answers. */
  readonly rate: number
  readonly createdAt: Instant
  /** The account that made it; `null`: the command line. */
  readonly createdBy: string | null
  readonly rotatedAt: Instant | null
  /** Until when the key before the last rotation works too; `null`: it does not. */
  readonly previousUntil: Instant | null
  readonly expiresAt: Instant | null
  readonly revokedAt: Instant | null
  /** At most `usedEvery` older than the truth. */
  readonly lastUsedAt: Instant | null
}

export type ApiKeyState = 'good' | 'expired' | 'revoked'

/** A key is good at the moment of its expiry, and no longer one millisecond later. */
export function stateOfKey({ expiresAt, revokedAt }: ApiKey, now: Instant): ApiKeyState {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && now > expiresAt ? 'expired' : 'good'
}

export function keyOf(row: ApiKeysTable): ApiKey {
  const scopes = JSON.parse(row.scopes) as readonly string[]
  return {
    id: row.id,
    name: row.name,
    scopes: scopes.filter(isScope),
    rate: row.rate,
    createdAt: row.created_at,
    createdBy: row.created_by,
    rotatedAt: row.rotated_at,
    previousUntil: row.previous_until,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
