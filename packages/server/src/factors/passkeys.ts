import type { Selectable } from 'kysely'
import type { Clock, Instant } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import type { PasskeysTable } from './factors-tables.ts'

export interface Passkey {
  /** The credential id, base64url: public. */
  readonly id: string
  readonly account: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether it may be copied to other devices of its person. */
  readonly isSynced: boolean
  readonly name: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
}

export type NewPasskey = Omit<Passkey, 'createdAt' | 'lastUsedAt'>

/** More than anybody has; it bounds what one account can fill. */
export const mostPasskeys = 20

/** The passkeys of all accounts. A credential belongs to one account for good. */
export class Passkeys {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  /** False where the credential is known already, whosever it is. */
  async add(passkey: NewPasskey): Promise<boolean> {
    const { id, account, publicKey, counter, transports, isSynced, name } = passkey
    const added = await this.#database
      .insertInto('passkeys')
      .values({
        id,
        account,
        public_key: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: JSON.stringify(transports),
        is_synced: isSynced ? 1 : 0,
        name,
        created_at: this.#clock.now(),
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute()
    return added.length === 1
  }

  async find(id: string): Promise<Passkey | undefined> {
    const row = await this.#database
      .selectFrom('passkeys')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && passkeyOf(row)
  }

  /** Those of an account, the oldest first. */
  async of(account: string): Promise<readonly Passkey[]> {
    const rows = await this.#database
      .selectFrom('passkeys')
      .selectAll()
      .where('account', '=', account)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(passkeyOf)
  }

  /**
   * Notes a use with the counter that it showed. False where the passkey is gone, or its counter has not gone on since it was
   * read: of two that show the same one, one is a copy. Authenticators that count nothing always show 0.
   */
  async noteUse({ id, counter: before }: Passkey, counter: number): Promise<boolean> {
    const noted = await this.#database
      .updateTable('passkeys')
      .set({ counter, last_used_at: this.#clock.now() })
      .where('id', '=', id)
      .where('counter', '=', before)
      .returning('id')
      .execute()
    return noted.length === 1
  }

  /**
   * Removes one. `last`: nothing else opens the account, so it stays; where `isSpare`, something else does. Holds for two
   * that are removed at the same moment, on any node: each first writes the row of their account, so that one waits for the
   * other.
   */
  remove(account: string, id: string, isSpare: boolean): Promise<'removed' | 'last' | 'none'> {
    return this.#database.transaction().execute(async (transaction) => {
      const owner = await transaction
        .updateTable('accounts')
        .set(({ ref }) => ({ roles: ref('roles') }))
        .where('id', '=', account)
        .returning('password_hash')
        .executeTakeFirst()
      const all = await transaction
        .selectFrom('passkeys')
        .select('id')
        .where('account', '=', account)
        .execute()
      if (!all.some((one) => one.id === id)) return 'none'
      const isNeeded = all.length === 1 && !isSpare && (owner?.password_hash ?? null) === null
      if (isNeeded) return 'last'
      await transaction.deleteFrom('passkeys').where('account', '=', account).where('id', '=', id).execute()
      return 'removed'
    })
  }

  async removeAll(account: string): Promise<void> {
    await this.#database.deleteFrom('passkeys').where('account', '=', account).execute()
  }
}

function passkeyOf(row: Selectable<PasskeysTable>): Passkey {
  return {
    id: row.id,
    account: row.account,
    publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    isSynced: row.is_synced === 1,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
