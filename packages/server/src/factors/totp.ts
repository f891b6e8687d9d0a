import { randomBytes } from 'node:crypto'
import type { Clock, Instant } from 'sojourn'
import { minute } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { base32 } from './base32.ts'
import { Seal } from './seal.ts'
import { stepOf, totpShape } from './totp-code.ts'

/** Whose app it is, and in which session it is set up. */
export interface Enrolment {
  readonly account: string
  readonly session: string
}

/** What somebody who sets up an app is shown, once. */
export interface Offer {
  /** Base32, for typing. */
  readonly secret: string
  /** The secret again, for the form to carry: nothing is kept before a code has confirmed it. */
  readonly sealed: string
}

export type Enrolled = 'added' | 'wrong' | 'expired' | 'taken'

export interface TotpFacts {
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
}

/** How long an offer may be confirmed. */
const offerLasts = 10 * minute

/**
 * Authenticator apps (RFC 6238), one an account. The secret is sealed at rest; an offer counts once a code has confirmed it;
 * a code is good in its time step and the two beside it, and once: it and all codes before it are good no more, however many
 * present it at once.
 */
export class Totp {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #secrets: Seal
  readonly #offers: Seal

  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#secrets = new Seal(secrets, 'totp secret')
    this.#offers = new Seal(secrets, 'totp offer')
  }

  offer(enrolment: Enrolment): Offer {
    const secret = randomBytes(20)
    const until = this.#clock.now() + offerLasts
    const sealed = this.#offers.seal(`${until}.${secret.toString('base64url')}`, placeOf(enrolment))
    return { secret: base32(secret), sealed }
  }

  /** The same offer, for a page that is shown again; `undefined` where it is not this session's, or too old. */
  again(enrolment: Enrolment, sealed: string): Offer | undefined {
    const secret = this.#offered(enrolment, sealed)
    return secret && { secret: base32(secret), sealed }
  }

  /** The app counts from now on, where the code shows that it has the secret. `taken`: the account has one already. */
  async confirm(enrolment: Enrolment, sealed: string, code: string): Promise<Enrolled> {
    const secret = this.#offered(enrolment, sealed)
    if (secret === undefined) return 'expired'
    const now = this.#clock.now()
    const step = stepOf(secret, code, now)
    if (step === undefined) return 'wrong'
    const { account } = enrolment
    const added = await this.#database
      .insertInto('totp')
      .values({
        account,
        sealed: this.#secrets.seal(secret.toString('base64url'), account),
        last_step: step,
        created_at: now,
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column('account').doNothing())
      .returning('account')
      .execute()
    return added.length === 1 ? 'added' : 'taken'
  }

  /** Whether a code is good now. It is spent by it. Fails closed where the secret does not open. */
  async spend(account: string, code: string): Promise<boolean> {
    const row = await this.#row(account)
    const opened = row && this.#secrets.open(row.sealed, account)
    if (row === undefined || opened === undefined) return false
    const now = this.#clock.now()
    const step = stepOf(Buffer.from(opened.text, 'base64url'), code, now)
    if (step === undefined) return false
    const sealed = opened.isStale ? this.#secrets.seal(opened.text, account) : row.sealed
    const spent = await this.#database
      .updateTable('totp')
      .set({ last_step: step, last_used_at: now, sealed })
      .where('account', '=', account)
      .where('last_step', '<', step)
      // Of two apps of one account, one after the other, no code of the first is good for the second.
      .where('sealed', '=', row.sealed)
      .returning('account')
      .execute()
    return spent.length === 1
  }

  async find(account: string): Promise<TotpFacts | undefined> {
    const row = await this.#row(account)
    return row && { createdAt: row.created_at, lastUsedAt: row.last_used_at }
  }

  /** Whether there was one. */
  async remove(account: string): Promise<boolean> {
    const gone = await this.#database
      .deleteFrom('totp')
      .where('account', '=', account)
      .returning('account')
      .execute()
    return gone.length > 0
  }

  async #row(account: string) {
    return this.#database.selectFrom('totp').selectAll().where('account', '=', account).executeTakeFirst()
  }

  #offered(enrolment: Enrolment, sealed: string): Buffer | undefined {
    const [until = '', secret = ''] = this.#offers.open(sealed, placeOf(enrolment))?.text.split('.') ?? []
    return secret === '' || this.#clock.now() > Number(until) ? undefined : Buffer.from(secret, 'base64url')
  }
}

function placeOf({ account, session }: Enrolment): string {
  return JSON.stringify([account, session])
}

/** What an authenticator app reads from a QR code. `site`: how it is to call us. */
export function otpauthUri(site: string, email: string, secret: string): string {
  const query = new URLSearchParams({
    secret,
    issuer: site,
    algorithm: 'SHA1',
    digits: String(totpShape.digits),
    period: String(totpShape.period / 1_000),
  })
  return `otpauth://totp/${encodeURIComponent(site.toWellFormed())}:${encodeURIComponent(email.toWellFormed())}?${query.toString()}`
}
