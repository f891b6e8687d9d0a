import type { Millis } from 'sojourn'
import type { Logger } from '../logger.ts'
import type { ApiKey } from './api-key.ts'
import type { ApiKeys, IssuedKey } from './api-keys.ts'
import type { NewApiKey } from './new-api-key.ts'

/** Who changes keys: an account, or the command line (`null`). Each change is a line of the log, never with a secret. */
export interface KeyGround {
  readonly keys: ApiKeys
  readonly log: Pick<Logger, 'info'>
  readonly by: string | null
}

export async function createKey({ keys, log, by }: KeyGround, wanted: NewApiKey): Promise<IssuedKey> {
  const issued = await keys.create(wanted, by)
  const { id, name, scopes, rate, expiresAt } = issued.key
  log.info({ event: 'api_key.created', key: id, name, scopes, rate, expiresAt, by }, 'an API key was made')
  return issued
}

export async function rotateKey(
  { keys, log, by }: KeyGround,
  id: string,
  overlap: Millis,
): Promise<IssuedKey | undefined> {
  const issued = await keys.rotate(id, overlap)
  if (issued !== undefined)
    log.info({ event: 'api_key.rotated', key: id, overlap, by }, 'an API key was replaced')
  return issued
}

export async function revokeKey({ keys, log, by }: KeyGround, id: string): Promise<ApiKey | undefined> {
  const key = await keys.revoke(id)
  if (key !== undefined) log.info({ event: 'api_key.revoked', key: id, by }, 'an API key was revoked')
  return key
}
