import type { Instant } from 'sojourn'
import type { ApiKey } from '../../src/keys/api-key.ts'
import { novaApiKey, novaApiKeys } from '../../src/pages/nova-api-keys.ts'

/** The pages of other back ends' keys in their states, full of one text. */
export function keyPages(name: string, now: Instant): { readonly [name: string]: string } {
  const viewer = { name, isAdmin: true, expiresAt: null, watch: { subject: name, expires: '' } }
  const key: ApiKey = {
    id: '0123456789abcdef',
    name,
    scopes: ['introspect', 'introspect:reason'],
    rate: 6_000,
    createdAt: now - 1,
    createdBy: name,
    rotatedAt: now - 1,
    previousUntil: now + 3_600_000,
    expiresAt: now + 86_400_000,
    revokedAt: null,
    lastUsedAt: now,
  }
  const fresh: ApiKey = {
    ...key,
    id: 'fedcba9876543210',
    rotatedAt: null,
    previousUntil: null,
    expiresAt: null,
    lastUsedAt: null,
  }
  const keys = [key, fresh, { ...fresh, id: 'a'.repeat(16), revokedAt: now }]
  const errors = { name, scopes: name, days: name }
  return {
    'API keys': novaApiKeys({ viewer, keys, now, form: {} }),
    'API keys, none': novaApiKeys({ viewer, keys: [], now, form: {} }),
    'API keys, refused': novaApiKeys({
      viewer,
      keys,
      now,
      form: { name, scopes: ['introspect'], days: name, errors },
    }),
    'a new API key': novaApiKey({ viewer, key, secret: name }),
  }
}
