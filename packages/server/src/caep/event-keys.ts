import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Clock, Millis } from 'sojourn'
import { day } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { Seal } from '../factors/seal.ts'

/** What receivers must know of by the interoperability profile of CAEP. */
export const algorithm = 'RS256'

/** How long the public half of a key is told after it has signed last: longer than an event is tried. */
export const retiredKept: Millis = 30 * day

export interface SigningKey {
  readonly id: string
  readonly key: CryptoKey
}

/**
 * The keys of this install's security event tokens: one signs; those before it are still told, so that what they have signed
 * can be checked. The private halves are sealed at rest. The first is made when it is needed.
 */
export class EventKeys {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #seal: Seal
  #opened: SigningKey | undefined

  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#seal = new Seal(secrets, 'event key')
  }

  /** The key that signs now. */
  async current(): Promise<SigningKey> {
    const row = await this.#newest()
    if (row === undefined) {
      await this.rotate()
      return this.current()
    }
    if (this.#opened?.id === row.id) return this.#opened
    const opened = this.#seal.open(row.private, row.id)
    if (opened === undefined) throw new Error('the key of event tokens does not open: rotate it')
    const key = await importJWK(JSON.parse(opened.text) as JWK, algorithm)
    if (key instanceof Uint8Array) throw new Error('the key of event tokens is none')
    this.#opened = { id: row.id, key }
    return this.#opened
  }

  /** A new key signs from now on. */
  async rotate(): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, {
      modulusLength: 2048,
      extractable: true,
    })
    const open = await exportJWK(publicKey)
    const id = await calculateJwkThumbprint(open)
    const now = this.#clock.now()
    const sealed = this.#seal.seal(JSON.stringify(await exportJWK(privateKey)), id)
    await this.#database.transaction().execute(async (step) => {
      await step.updateTable('event_keys').set({ retired_at: now }).where('retired_at', 'is', null).execute()
      await step
        .insertInto('event_keys')
        .values({ id, public: JSON.stringify(open), private: sealed, created_at: now })
        .execute()
    })
    return id
  }

  /** The public halves, by RFC 7517. */
  async jwks(): Promise<{ readonly keys: readonly JWK[] }> {
    const rows = await this.#database
      .selectFrom('event_keys')
      .select(['id', 'public'])
      .where((row) =>
        row.or([row('retired_at', 'is', null), row('retired_at', '>=', this.#clock.now() - retiredKept)]),
      )
      .orderBy('created_at', 'desc')
      .execute()
    return {
      keys: rows.map((row) => ({
        ...(JSON.parse(row.public) as JWK),
        kid: row.id,
        use: 'sig',
        alg: algorithm,
      })),
    }
  }

  async #newest() {
    return this.#database
      .selectFrom('event_keys')
      .selectAll()
      .where('retired_at', 'is', null)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
  }
}
