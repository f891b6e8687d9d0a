import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from 'sojourn'
import { parse, type InferInput } from 'valibot'
import type { Database } from '../database/open-database.ts'
import type { AccountsTable } from '../database/tables.ts'
import { type Account, emailKey, type Role } from './account.ts'
import { Busy } from './gate.ts'
import { newAccount } from './new-account.ts'
import type { Passwords } from './passwords.ts'

/** The people of the server. */
export class Accounts {
  readonly #database: Database
  readonly #passwords: Passwords
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, passwords: Passwords, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#passwords = passwords
    this.#clock = clock
  }

  /** The new account, or `undefined` where the e-mail address has one already. Throws a `ValiError` where the input does not fit. */
  async create(input: InferInput<typeof newAccount>, party?: string): Promise<Account | undefined> {
    const { email, name, password, roles, sessionLimit } = parse(newAccount, input)
    const row = await this.#database
      .insertInto('accounts')
      .values({
        id: randomUUID(),
        email,
        email_key: emailKey(email),
        name,
        password_hash: password === undefined ? null : await this.#passwords.hash(password, party),
        roles: JSON.stringify(roles),
        session_limit: sessionLimit,
        disabled_at: null,
        created_at: this.#clock.now(),
      })
      .onConflict((conflict) => conflict.column('email_key').doNothing())
      .returningAll()
      .executeTakeFirst()
    return row && accountOf(row)
  }

  async find(id: string): Promise<Account | undefined> {
    const row = await this.#database
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && accountOf(row)
  }

  async findByEmail(email: string): Promise<Account | undefined> {
    const row = await this.#byEmail(email)
    return row && accountOf(row)
  }

  /** Those of the ids that there are, by id: one question for a whole list. */
  async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, Account>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#database
      .selectFrom('accounts')
      .selectAll()
      .where('id', 'in', [...new Set(ids)])
      .execute()
    return new Map(rows.map((row) => [row.id, accountOf(row)]))
  }

  /**
   * The account that the e-mail address and the password open, or `undefined`: there is none, it has no password, another
   * one, or it is disabled. All of them take the same time. A hash of an older cost is replaced on the way. `party`: who asks,
   * for the turn that they get.
   */
  async verify(email: string, password: string, party?: string): Promise<Account | undefined> {
    const row = await this.#byEmail(email)
    const { matches, isStale } = await this.#passwords.verify(password, row?.password_hash ?? null, party)
    if (!matches || row === undefined || row.disabled_at !== null) return undefined
    if (isStale) await this.#rehash(row, password, party)
    return accountOf(row)
  }

  async setPassword(id: string, password: string): Promise<void> {
    const password_hash = await this.#passwords.hash(password)
    await this.#database.updateTable('accounts').set({ password_hash }).where('id', '=', id).execute()
  }

  async setRoles(id: string, roles: readonly Role[]): Promise<void> {
    await this.#database
      .updateTable('accounts')
      .set({ roles: JSON.stringify(roles) })
      .where('id', '=', id)
      .execute()
  }

  /** `null`: as the policy says; 0: may not sign in. Holds from the next login on. */
  async setSessionLimit(id: string, limit: number | null): Promise<void> {
    await this.#database.updateTable('accounts').set({ session_limit: limit }).where('id', '=', id).execute()
  }

  /** Nobody can sign in to it any more. Its sessions end by another step: `disableAccount`. */
  async disable(id: string): Promise<void> {
    await this.#database
      .updateTable('accounts')
      .set({ disabled_at: this.#clock.now() })
      .where('id', '=', id)
      .where('disabled_at', 'is', null)
      .execute()
  }

  /** Replaces the hash that was verified, unless a new password came in between. Where many wait, another time will do. */
  async #rehash(
    { id, password_hash }: Selectable<AccountsTable>,
    password: string,
    party?: string,
  ): Promise<void> {
    const fresh = await this.#passwords.hash(password, party).catch((error: unknown) => {
      if (error instanceof Busy) return undefined
      throw error
    })
    if (fresh === undefined) return
    await this.#database
      .updateTable('accounts')
      .set({ password_hash: fresh })
      .where('id', '=', id)
      .where('password_hash', '=', password_hash)
      .execute()
  }

  async #byEmail(email: string): Promise<Selectable<AccountsTable> | undefined> {
    return this.#database
      .selectFrom('accounts')
      .selectAll()
      .where('email_key', '=', emailKey(email))
      .executeTakeFirst()
  }
}

function accountOf(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    roles: JSON.parse(row.roles) as Role[],
    sessionLimit: row.session_limit,
    disabledAt: row.disabled_at,
    createdAt: row.created_at,
  }
}
