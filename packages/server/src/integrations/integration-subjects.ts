import { randomUUID } from 'node:crypto'
import type { Clock, Millis, Sessions } from 'sojourn'
import { day } from 'sojourn/core'
import { safeParse } from 'valibot'
import type { Account } from '../accounts/account.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { makeUpAddress } from '../accounts/made-up-address.ts'
import { deleteAccount } from '../accounts/delete-account.ts'
import { emailAddress } from '../accounts/new-account.ts'
import type { Database } from '../database/open-database.ts'
import type { Links } from '../links/links.ts'
import { sessionLimitOf } from './integration-kind.ts'
import type { Integration } from './integration.ts'

/** Somebody whom an integration vouches for. */
export interface Person {
  /** Their name at the integration, always the same; left out: a visitor who will not be known again. */
  readonly externalId?: string | undefined
  readonly email?: string | undefined
  readonly displayName?: string | undefined
}

/** How often it is looked whether a visitor's account is still needed. */
const visitsKept: Millis = day
const batch = 200

/** Which account an integration means by a name. */
export class IntegrationSubjects {
  readonly #database: Database
  readonly #accounts: Accounts
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, accounts: Accounts, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#accounts = accounts
    this.#clock = clock
  }

  /** The account that it means by the name. */
  async find(integration: Pick<Integration, 'id'>, externalId: string): Promise<Account | undefined> {
    const row = await this.#database
      .selectFrom('integration_subjects')
      .select('account_id')
      .where('integration_id', '=', integration.id)
      .where('external_id', '=', externalId)
      .executeTakeFirst()
    return row && this.#accounts.find(row.account_id)
  }

  /** The id of the integration that made the account: the people of its layer of the policy. */
  async creatorOf(account: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('integration_subjects')
      .select('integration_id')
      .where('account_id', '=', account)
      .where('created', '=', 1)
      .executeTakeFirst()
    return row?.integration_id
  }

  /** Lets the integration mean an account that is there. False where it means one by this name already. */
  async link(integration: Pick<Integration, 'id'>, externalId: string, account: string): Promise<boolean> {
    return this.#insert(this.#database, { integration, externalId, account, created: 0, visit: 0 })
  }

  /** The integration that made an account means it no longer. Whether there was one; what a Super Admin has joined stays. */
  async leave(account: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('integration_subjects')
      .where('account_id', '=', account)
      .where('created', '=', 1)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  /**
   * The account that it means by the name, made where there is none: of many at once who bring a new name one makes it. It
   * has the integration's own limit of sessions (SLI-17) and no password.
   *
   * An account that is there is never taken by its e-mail address. The integration says whose address it is, and has not
   * shown it: whoever runs it, or can set their address there, would open any account here, that of an administrator too.
   * The new account then goes without an address that is its person's; `link` joins an old one, once its own sign-in and
   * the integration's word were both seen.
   */
  async findOrCreate(integration: Integration, person: Person): Promise<Account> {
    const { externalId = `visit:${randomUUID()}` } = person
    for (let tries = 0; tries < 3; tries++) {
      const known = person.externalId === undefined ? undefined : await this.find(integration, externalId)
      const account = known ?? (await this.#create(integration, externalId, person))
      if (account !== undefined) return account
    }
    throw new Error(`no account could be made for integration ${integration.id}`)
  }

  /**
   * Removes a bounded batch of visitors' accounts that no session needs any more, those of integrations that are gone too:
   * nobody can come back to them.
   */
  async sweep(sessions: Sessions<object>, links: Links): Promise<void> {
    const now = this.#clock.now()
    const rows = await this.#database
      .selectFrom('integration_subjects')
      .select(['integration_id', 'external_id', 'account_id'])
      .where('visit', '=', 1)
      .where('checked_at', '<', now - visitsKept)
      .orderBy('checked_at')
      .limit(batch)
      .execute()
    for (const { integration_id, external_id, account_id } of rows) {
      const live = await sessions.list({ subject: account_id, limit: 1 })
      if (live.items.length === 0) {
        await deleteAccount(this.#accounts, links, sessions, account_id)
        continue
      }
      await this.#database
        .updateTable('integration_subjects')
        .set({ checked_at: now })
        .where('integration_id', '=', integration_id)
        .where('external_id', '=', external_id)
        .execute()
    }
  }

  /** `undefined`: somebody else was faster, with the name or with the address. Nothing was made then. */
  async #create(integration: Integration, externalId: string, person: Person): Promise<Account | undefined> {
    const own = await this.#freeAddress(person)
    const address = own ?? makeUpAddress()
    return this.#database.transaction().execute(async (transaction) => {
      const account = await this.#accounts.on(transaction).create({
        email: address,
        name: nameOf(person) ?? integration.name,
        sessionLimit: sessionLimitOf(integration),
      })
      if (account === undefined) return undefined
      const visit = person.externalId === undefined ? 1 : 0
      const link = { integration, externalId, account: account.id, created: 1, visit }
      if (await this.#insert(transaction, link)) return account
      await transaction.deleteFrom('accounts').where('id', '=', account.id).execute()
      return undefined
    })
  }

  /** An address for a new account, where it reads and nobody has it. A visitor's account, which goes again, takes nobody's. */
  async #freeAddress({ externalId, email }: Person): Promise<string | undefined> {
    const read = safeParse(emailAddress, email)
    if (externalId === undefined || !read.success) return undefined
    return (await this.#accounts.findByEmail(read.output)) === undefined ? read.output : undefined
  }

  async #insert(
    database: Database,
    link: {
      readonly integration: Pick<Integration, 'id'>
      readonly externalId: string
      readonly account: string
      readonly created: number
      readonly visit: number
    },
  ): Promise<boolean> {
    const now = this.#clock.now()
    const rows = await database
      .insertInto('integration_subjects')
      .values({
        integration_id: link.integration.id,
        external_id: link.externalId,
        account_id: link.account,
        created: link.created,
        visit: link.visit,
        linked_at: now,
        checked_at: now,
      })
      .onConflict((conflict) => conflict.columns(['integration_id', 'external_id']).doNothing())
      .returning('account_id')
      .execute()
    return rows.length > 0
  }
}

/** What the other side calls them, as an account may be called. */
function nameOf({ displayName }: Person): string | undefined {
  const name = displayName
    ?.toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 100)
    .toWellFormed()
    .trim()
  return name === '' ? undefined : name
}
