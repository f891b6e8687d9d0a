import { array, nullable, number, picklist, strictObject, string } from 'valibot'
import { scopeNames } from '../keys/scopes.ts'
import { moment } from './session-schemas.ts'

/** What is told of a key: never its secret, nor what that hashes to. */
export const apiKeySchema = strictObject({
  id: string(),
  name: string(),
  state: picklist(['good', 'expired', 'revoked']),
  scopes: array(picklist(scopeNames)),
  rate: number(),
  created_at: moment,
  created_by: nullable(string()),
  rotated_at: nullable(moment),
  previous_until: nullable(moment),
  expires_at: nullable(moment),
  revoked_at: nullable(moment),
  last_used_at: nullable(moment),
})
export const apiKeysSchema = strictObject({ keys: array(apiKeySchema) })

/** The one answer that holds the secret. */
export const issuedKeySchema = strictObject({ key: apiKeySchema, secret: string() })
