import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Clock } from 'sojourn'
import type { Database } from '../database/open-database.ts'
import { base32 } from './base32.ts'

/** How many somebody gets at once. */
export const recoveryCodeCount = 10

/** 80 bits: nobody guesses one, so that nobody need be slowed down. NIST SP 800-63B-4 4.2.1.1 asks for 64. */
const codeBytes = 10

/**
 * Codes for whoever has lost their other factors. Each is good once, however many present it at once. They are shown when
 * they are made and never again: the table keeps a hash, keyed by the install's secret and bound to the account. New ones
 * end the old ones.
 */
export class RecoveryCodes {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #keys: readonly Uint8Array[]

  /** `secrets`: the current one, then the previous. */
  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'recovery code', 32)))
  }

  /** New ones, for their person's eyes alone. The old ones are good for nothing any more. */
  async issue(account: string): Promise<readonly string[]> {
    return this.#issue(account, () => true)
  }

  /** The same for somebody who has none left; else none: those that they have stay good. */
  async issueIfNone(account: string): Promise<readonly string[]> {
    return this.#issue(account, (left) => left === 0)
  }

  /** Whether the code was good. It is no more. */
  async spend(account: string, written: string): Promise<boolean> {
    const hashes = this.#keys.map((key) => hashOf(key, account, written))
    const spent = await this.#database
      .updateTable('recovery_codes')
      .set({ used_at: this.#clock.now() })
      .where('account', '=', account)
      .where('hash', 'in', hashes)
      .where('used_at', 'is', null)
      .returning('hash')
      .execute()
    return spent.length === 1
  }

  async left(account: string): Promise<number> {
    return countLeft(this.#database, account)
  }

  async remove(account: string): Promise<void> {
    await this.#database.deleteFrom('recovery_codes').where('account', '=', account).execute()
  }

  async #issue(account: string, mayIssue: (left: number) => boolean): Promise<readonly string[]> {
    const [key] = this.#keys
    if (key === undefined) throw new Error('recovery codes: expected a secret')
    const codes = Array.from({ length: recoveryCodeCount }, newCode)
    const created_at = this.#clock.now()
    return this.#database.transaction().execute(async (database) => {
      // Of two at once, the later one sees what the first has made: both hold the account's row.
      const own = database.updateTable('accounts').set((row) => ({ id: row.ref('id') }))
      await own.where('id', '=', account).execute()
      if (!mayIssue(await countLeft(database, account))) return []
      await database.deleteFrom('recovery_codes').where('account', '=', account).execute()
      const rows = codes.map((code) => ({
        account,
        hash: hashOf(key, account, code),
        created_at,
        used_at: null,
      }))
      await database.insertInto('recovery_codes').values(rows).execute()
      return codes
    })
  }
}

async function countLeft(database: Database, account: string): Promise<number> {
  const rows = await database
    .selectFrom('recovery_codes')
    .select('hash')
    .where('account', '=', account)
    .where('used_at', 'is', null)
    .execute()
  return rows.length
}

/** Four groups of four, such as `abcd-efgh-ijkl-mnop`. */
function newCode(): string {
  return base32(randomBytes(codeBytes)).toLowerCase().match(/.{4}/g)?.join('-') ?? ''
}

/** What people make of a code on paper is the same code: capitals, spaces, other dashes, 0 for o and 1 for l. */
function hashOf(key: Uint8Array, account: string, written: string): string {
  const code = written.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
  const letters = code.replace(/[^a-z2-7]/g, '')
  return createHmac('sha256', key).update(`${account}\0${letters}`).digest('base64url')
}
