import type { Clock, Millis } from 'sojourn'
import { day, minute } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { type ApiKey, keyOf, stateOfKey } from './api-key.ts'
import { hashKey, isHashOfKey, newKey, newKeyId, parseKey } from './key-secret.ts'
import type { NewApiKey } from './new-api-key.ts'

/** A key with its secret, which nobody can show again. */
export interface IssuedKey {
  readonly key: ApiKey
  readonly secret: string
}

/** What became of a key that somebody showed. `wrong`: nobody is told whether it is unknown, expired, revoked or replaced. */
export type CheckedKey =
  | { readonly state: 'good'; readonly key: ApiKey }
  | {
      readonly state: 'wrong'
      readonly why: 'malformed' | 'unknown' | 'secret' | 'expired' | 'revoked'
      readonly id?: string
    }

/** How far the stored last use may lag behind: a key is used with every request, and not written with every one. */
export const usedEvery: Millis = 10 * minute
/** How long a revoked key is still listed. */
export const revokedKept: Millis = 90 * day
const batch = 1_000

/**
 * Keys of other back ends, in the database of all nodes. The row is read for every request that shows a key, by its primary
 * key: what is revoked here is refused everywhere at the next request. Of a secret only the hash is kept.
 */
export class ApiKeys {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  async create({ name, scopes, expires_in: span, rate }: NewApiKey, by: string | null): Promise<IssuedKey> {
    const now = this.#clock.now()
    const secret = newKey(newKeyId())
    const row = {
      id: secret.id,
      name,
      scopes: JSON.stringify([...new Set(scopes)]),
      rate,
      secret_hash: hashKey(secret),
      previous_hash: null,
      previous_until: null,
      created_at: now,
      created_by: by,
      rotated_at: null,
      expires_at: span === null ? null : now + span,
      revoked_at: null,
      last_used_at: null,
    }
    // Two of one id would be refused by the primary key, and never take each other's place.
    await this.#database.insertInto('api_keys').values(row).execute()
    return { key: keyOf(row), secret: secret.text }
  }

  /**
   * Another secret for the same key; the one that it had works for `overlap` more. One that was being replaced already is dead
   * at once. Of several at once one wins: `undefined` for the others, and where there is no good key of this id.
   */
  async rotate(id: string, overlap: Millis): Promise<IssuedKey | undefined> {
    const now = this.#clock.now()
    const row = await this.#row(id)
    if (row === undefined || stateOfKey(keyOf(row), now) !== 'good') return undefined
    const secret = newKey(id)
    const rotated = await this.#database
      .updateTable('api_keys')
      .set({
        secret_hash: hashKey(secret),
        previous_hash: overlap === 0 ? null : row.secret_hash,
        previous_until: overlap === 0 ? null : now + overlap,
        rotated_at: now,
      })
      .where('id', '=', id)
      .where('secret_hash', '=', row.secret_hash)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    return rotated && { key: keyOf(rotated), secret: secret.text }
  }

  /** Whether there was a key to revoke. Its secrets are forgotten with it. */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const row = await this.#database
      .updateTable('api_keys')
      .set({ revoked_at: this.#clock.now(), secret_hash: '', previous_hash: null, previous_until: null })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    return row && keyOf(row)
  }

  async find(id: string): Promise<ApiKey | undefined> {
    const row = await this.#row(id)
    return row && keyOf(row)
  }

  /** All of them, newest first. */
  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#database
      .selectFrom('api_keys')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute()
    return rows.map(keyOf)
  }

  async check(presented: string): Promise<CheckedKey> {
    const shown = parseKey(presented)
    if (shown === undefined) return { state: 'wrong', why: 'malformed' }
    const { id } = shown
    const row = await this.#row(id)
    if (row === undefined) return { state: 'wrong', why: 'unknown' }
    const now = this.#clock.now()
    const key = keyOf(row)
    const state = stateOfKey(key, now)
    if (state !== 'good') return { state: 'wrong', why: state, id }
    const isPrevious = (): boolean =>
      row.previous_hash !== null &&
      row.previous_until !== null &&
      now <= row.previous_until &&
      isHashOfKey(shown, row.previous_hash)
    if (!isHashOfKey(shown, row.secret_hash) && !isPrevious()) return { state: 'wrong', why: 'secret', id }
    return { state: 'good', key }
  }

  /** Notes that a key was used, at most once in `usedEvery` whoever notes it. */
  async used({ id, lastUsedAt }: ApiKey): Promise<void> {
    const now = this.#clock.now()
    const before = now - usedEvery
    if (lastUsedAt !== null && lastUsedAt > before) return
    await this.#database
      .updateTable('api_keys')
      .set({ last_used_at: now })
      .where('id', '=', id)
      .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<=', before)]))
      .execute()
  }

  /** Removes a bounded batch of keys that were revoked long ago. */
  async sweep(): Promise<void> {
    const old = await this.#database
      .selectFrom('api_keys')
      .select('id')
      .where('revoked_at', '<', this.#clock.now() - revokedKept)
      .limit(batch)
      .execute()
    if (old.length === 0) return
    await this.#database
      .deleteFrom('api_keys')
      .where(
        'id',
        'in',
        old.map(({ id }) => id),
      )
      .execute()
  }

  #row(id: string) {
    return this.#database.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  }
}
