import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock, Millis } from 'sojourn'
import { emailKey } from '../accounts/account.ts'
import type { Database } from '../database/open-database.ts'
import type { LinksTable } from './links-table.ts'
import type { Details, Purpose } from './purpose.ts'

export interface LinkInput<P extends Purpose> {
  readonly purpose: P
  /** `null`: of no account. */
  readonly account: string | null
  /** The address that the link is sent to. */
  readonly email: string
  readonly details: Details[P]
  readonly lasts: Millis
}

export interface Link<P extends Purpose> {
  readonly account: string | null
  readonly emailKey: string
  readonly details: Details[P]
}

/** What is left of the details of a link that is no longer good. */
const nothing = '{}'

const shape = /^([\w-]{22})\.([\w-]{43})$/

/**
 * Links that are good once, until they expire, for their purpose alone. Their tokens are `<id>.<secret>`: found by the id,
 * compared in constant time by a keyed hash over purpose and secret, so that whoever reads the table opens nothing with it,
 * and whoever writes to it cannot make one. Looking at one changes nothing, since programs look at links before people do;
 * of any number who spend one at once, one does.
 */
export class Links {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #keys: readonly Uint8Array[]

  /** `secrets`: the current one, then the previous. */
  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'one-time link', 32)))
  }

  /** The token of a new link, for the mail alone. */
  async issue<P extends Purpose>(input: LinkInput<P>): Promise<string> {
    const { purpose, account, email, details, lasts } = input
    const id = randomBytes(16).toString('base64url')
    const secret = randomBytes(32).toString('base64url')
    const [key] = this.#keys
    if (key === undefined) throw new Error('links: expected a secret')
    await this.#database
      .insertInto('links')
      .values({
        id,
        hash: hashOf(key, purpose, secret),
        purpose,
        account,
        email_key: emailKey(email),
        details: JSON.stringify(details),
        expires_at: this.#clock.now() + lasts,
        used_at: null,
      })
      .execute()
    return `${id}.${secret}`
  }

  /** What a token stands for; `undefined` where it is not good for this, or no longer. Changes nothing. */
  async look<P extends Purpose>(purpose: P, token: string): Promise<Link<P> | undefined> {
    const [, id = '', secret = ''] = shape.exec(token) ?? []
    if (id === '') return undefined
    const row = await this.#database.selectFrom('links').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined || row.purpose !== purpose || row.used_at !== null) return undefined
    if (this.#clock.now() > row.expires_at || !this.#matches(row, purpose, secret)) return undefined
    const details = JSON.parse(row.details) as Details[P]
    return { account: row.account, emailKey: row.email_key, details }
  }

  /** As `look`, and it is good for nothing from then on. */
  async spend<P extends Purpose>(purpose: P, token: string): Promise<Link<P> | undefined> {
    const link = await this.look(purpose, token)
    if (link === undefined) return undefined
    const [id = ''] = token.split('.')
    const now = this.#clock.now()
    const spent = await this.#database
      .updateTable('links')
      .set({ used_at: now, details: nothing })
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .where('expires_at', '>=', now)
      .returning('id')
      .execute()
    return spent.length === 1 ? link : undefined
  }

  /** All links of an account are good for nothing from now on: what it was asked for with has changed. */
  async revoke(account: string): Promise<void> {
    await this.#database
      .updateTable('links')
      .set({ used_at: this.#clock.now(), details: nothing })
      .where('account', '=', account)
      .where('used_at', 'is', null)
      .execute()
  }

  /** Removes what has expired. */
  async sweep(): Promise<void> {
    await this.#database.deleteFrom('links').where('expires_at', '<', this.#clock.now()).execute()
  }

  #matches(row: Selectable<LinksTable>, purpose: string, secret: string): boolean {
    const kept = Buffer.from(row.hash)
    return this.#keys.some((key) => {
      const hash = Buffer.from(hashOf(key, purpose, secret))
      return hash.length === kept.length && timingSafeEqual(hash, kept)
    })
  }
}

/** The purpose is one of a closed list, none of which ends in another's text after a zero byte. */
function hashOf(key: Uint8Array, purpose: string, secret: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${secret}`).digest('base64url')
}
