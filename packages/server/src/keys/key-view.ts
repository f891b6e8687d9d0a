import type { InferOutput } from 'valibot'
import type { Instant } from 'sojourn'
import type { apiKeySchema } from '../api/key-schemas.ts'
import { type ApiKey, stateOfKey } from './api-key.ts'

export type ApiKeyView = InferOutput<typeof apiKeySchema>

/** A key as the API and the command line print it. */
export function keyView(key: ApiKey, now: Instant): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    state: stateOfKey(key, now),
    scopes: [...key.scopes],
    rate: key.rate,
    created_at: key.createdAt,
    created_by: key.createdBy,
    rotated_at: key.rotatedAt,
    previous_until: key.previousUntil !== null && key.previousUntil >= now ? key.previousUntil : null,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    last_used_at: key.lastUsedAt,
  }
}
