import { randomUUID } from 'node:crypto'
import type { CompiledQuery, Selectable } from 'kysely'
import type { Clock } from 'sojourn'
import { parse, type InferInput } from 'valibot'
import type { Database } from '../database/open-database.ts'
import type { AccountsTable } from '../database/tables.ts'
import { type Account, emailKey, type Role } from './account.ts'
import { accountOf } from './account-row.ts'
import { Busy } from './gate.ts'
import { newAccount } from './new-account.ts'
import type { Passwords } from './passwords.ts'
import { unlessLastSuperAdmin } from './super-admins.ts'

/** Somebody whose sign-up waited for their address. */
export interface Confirmed {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

interface Insertion extends Pick<Account, 'name' | 'email' | 'roles' | 'sessionLimit' | 'emailVerifiedAt'> {
  readonly passwordHash: string | null
}

type Change = Partial<
  Pick<AccountsTable, 'password_hash' | 'email' | 'email_key' | 'email_verified_at' | 'phone'>
>

/** The people of the server. */
export class Accounts {
  readonly #database: Database
  readonly #passwords: Passwords
  readonly #clock: Pick<Clock, 'now'>
  /** Asked with every request of somebody signed in: it is put in words once. */
  readonly #byId: CompiledQuery<Selectable<AccountsTable>>

  constructor(database: Database, passwords: Passwords, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#passwords = passwords
    this.#clock = clock
    this.#byId = database.selectFrom('accounts').selectAll().where('id', '=', '').compile()
  }

  /** The same people, seen and changed within a transaction. */
  on(transaction: Database): Accounts {
    return new Accounts(transaction, this.#passwords, this.#clock)
  }

  /** The new account, or `undefined` where the e-mail address has one already. Throws a `ValiError` where the input does not fit. */
  async create(input: InferInput<typeof newAccount>, party?: string): Promise<Account | undefined> {
    const { password, ...account } = parse(newAccount, input)
    const passwordHash = password === undefined ? null : await this.hash(password, party)
    return this.#insert({ ...account, passwordHash, emailVerifiedAt: null })
  }

  /** The account of a sign-up whose address was confirmed; `undefined` where it has one by now. */
  async createConfirmed(person: Confirmed): Promise<Account | undefined> {
    const more = { roles: ['user'], sessionLimit: null, emailVerifiedAt: this.#clock.now() } as const
    return this.#insert({ ...person, ...more })
  }

  async find(id: string): Promise<Account | undefined> {
    const { rows } = await this.#database.executeQuery<Selectable<AccountsTable>>({
      ...this.#byId,
      parameters: [id],
    })
    const [row] = rows
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
    await this.setPasswordHash(id, await this.hash(password))
  }

  /** What to keep of a password. `party`: who asks, for the turn that they get. */
  hash(password: string, party?: string): Promise<string> {
    return this.#passwords.hash(password, party)
  }

  /** Whether a password is that of a hash. */
  async matches(password: string, hash: string, party?: string): Promise<boolean> {
    return (await this.#passwords.verify(password, hash, party)).matches
  }

  /** Whether a password opens the account at all. */
  async hasPassword(id: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', id)
      .where('password_hash', 'is not', null)
      .executeTakeFirst()
    return row !== undefined
  }

  async setPasswordHash(id: string, password_hash: string): Promise<void> {
    await this.#change(id, { password_hash })
  }

  /** False where another account has the address; nothing has changed then. */
  async setEmail(id: string, email: string, isVerified: boolean): Promise<boolean> {
    const email_verified_at = isVerified ? this.#clock.now() : null
    try {
      await this.#change(id, { email, email_key: emailKey(email), email_verified_at })
      return true
    } catch (error) {
      if (isTaken(error)) return false
      throw error
    }
  }

  async setPhone(id: string, phone: string | null): Promise<void> {
    await this.#change(id, { phone })
  }

  /** What it is signed in with has changed elsewhere: a factor of it. */
  async noteChange(id: string): Promise<void> {
    await this.#change(id, {})
  }

  /** Its person has shown that they read what is sent to the address. */
  async noteVerified(id: string): Promise<void> {
    await this.#database
      .updateTable('accounts')
      .set({ email_verified_at: this.#clock.now() })
      .where('id', '=', id)
      .where('email_verified_at', 'is', null)
      .execute()
  }

  /**
   * Removes the account for good, with all that hangs on it. Its sessions end by another step: `deleteAccount`. False where
   * it is the last Super Admin; so with `setRoles` and `disable`.
   */
  remove(id: string): Promise<boolean> {
    return unlessLastSuperAdmin(this.#database, id, (transaction) =>
      transaction.deleteFrom('accounts').where('id', '=', id).execute(),
    )
  }

  async #insert(account: Insertion): Promise<Account | undefined> {
    const { email, name, passwordHash, roles, sessionLimit, emailVerifiedAt } = account
    const row = await this.#database
      .insertInto('accounts')
      .values({
        id: randomUUID(),
        email,
        email_key: emailKey(email),
        name,
        password_hash: passwordHash,
        roles: JSON.stringify(roles),
        session_limit: sessionLimit,
        disabled_at: null,
        created_at: this.#clock.now(),
        phone: null,
        email_verified_at: emailVerifiedAt,
        credential_revision: 0,
      })
      .onConflict((conflict) => conflict.column('email_key').doNothing())
      .returningAll()
      .executeTakeFirst()
    return row && accountOf(row)
  }

  /** Whoever signs in by what was right before notices by the revision that it no longer is. */
  async #change(id: string, values: Change): Promise<void> {
    await this.#database
      .updateTable('accounts')
      .set((row) => ({ ...values, credential_revision: row('credential_revision', '+', 1) }))
      .where('id', '=', id)
      .execute()
  }

  /** What its sessions had by the former roles ends by another step: `changeRoles`. */
  async setRoles(id: string, roles: readonly Role[]): Promise<boolean> {
    const set = (database: Database): Promise<unknown> =>
      database
        .updateTable('accounts')
        .set({ roles: JSON.stringify(roles) })
        .where('id', '=', id)
        .execute()
    if (!roles.includes('super-admin')) return unlessLastSuperAdmin(this.#database, id, set)
    await set(this.#database)
    return true
  }

  /** `null`: as the policy says; 0: may not sign in. Holds from the next login on. */
  async setSessionLimit(id: string, limit: number | null): Promise<void> {
    await this.#database.updateTable('accounts').set({ session_limit: limit }).where('id', '=', id).execute()
  }

  /** Nobody can sign in to it any more. Its sessions end by another step: `disableAccount`. */
  disable(id: string): Promise<boolean> {
    return unlessLastSuperAdmin(this.#database, id, (transaction) =>
      transaction
        .updateTable('accounts')
        .set({ disabled_at: this.#clock.now() })
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .execute(),
    )
  }

  /** Its person can sign in again. Nothing that ended comes back. */
  async enable(id: string): Promise<void> {
    await this.#database.updateTable('accounts').set({ disabled_at: null }).where('id', '=', id).execute()
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

/** What SQLite and PostgreSQL say of a value that has to be the only one of its kind and is not. */
function isTaken(error: unknown): boolean {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown }
  return errcode === 2067 || code === '23505'
}
