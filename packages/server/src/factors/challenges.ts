import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock, Instant } from 'sojourn'
import { minute } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'

/** What an answer is asked for, and of whom: good for nothing and nobody else. */
export type ChallengeFor =
  | { readonly purpose: 'sign-in' }
  /** `session`: the sign-in that waits for its second step. */
  | { readonly purpose: 'second-step'; readonly account: string; readonly session: string }
  | { readonly purpose: 'register'; readonly account: string; readonly session: string }

export interface Challenge {
  readonly nonce: string
  readonly expiresAt: Instant
}

/** How long a browser has to answer. */
export const challengeLasts = 5 * minute

const nonceBytes = 16
const macBytes = 32
const bytes = nonceBytes + 8 + macBytes

/**
 * What authenticators sign. A challenge carries its own proof, `nonce | expiry | MAC`, under a key of the install's secret:
 * asking for one writes nothing, whoever asks. It is good up to the last millisecond of its time; once it was answered well
 * its nonce is kept, and of any number of such answers one counts.
 */
export class Challenges {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #keys: readonly Uint8Array[]

  /** `secrets`: the current one, then the previous. */
  constructor(database: Database, secrets: readonly string[], clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
    this.#keys = secrets.map(
      (secret) => new Uint8Array(hkdfSync('sha256', secret, '', 'passkey challenge', 32)),
    )
  }

  issue(what: ChallengeFor): Uint8Array<ArrayBuffer> {
    const [key] = this.#keys
    if (key === undefined) throw new Error('challenges: expected a secret')
    const head = Buffer.alloc(nonceBytes + 8)
    randomBytes(nonceBytes).copy(head)
    head.writeBigUInt64BE(BigInt(this.#clock.now() + challengeLasts), nonceBytes)
    return new Uint8Array(Buffer.concat([head, macOf(key, head, what)]))
  }

  /** The challenge of an answer, by its base64url; `undefined` where it is not ours, not for this, or too old. */
  read(what: ChallengeFor, text: string): Challenge | undefined {
    const whole = Buffer.from(text, 'base64url')
    if (whole.length !== bytes) return undefined
    const head = whole.subarray(0, nonceBytes + 8)
    const mac = whole.subarray(nonceBytes + 8)
    if (!this.#keys.some((key) => timingSafeEqual(macOf(key, head, what), mac))) return undefined
    const expiresAt = Number(head.readBigUInt64BE(nonceBytes))
    if (this.#clock.now() > expiresAt) return undefined
    return { nonce: head.subarray(0, nonceBytes).toString('base64url'), expiresAt }
  }

  /** Whether this answer is the first. */
  async spend({ nonce, expiresAt }: Challenge): Promise<boolean> {
    const first = await this.#database
      .insertInto('spent_challenges')
      .values({ nonce, expires_at: expiresAt })
      .onConflict((conflict) => conflict.column('nonce').doNothing())
      .returning('nonce')
      .execute()
    return first.length === 1
  }

  /** Forgets those that are too old to be answered. */
  async sweep(): Promise<void> {
    await this.#database.deleteFrom('spent_challenges').where('expires_at', '<', this.#clock.now()).execute()
  }
}

function macOf(key: Uint8Array, head: Uint8Array, what: ChallengeFor): Buffer {
  const place = 'account' in what ? [what.purpose, what.account, what.session] : [what.purpose]
  return createHmac('sha256', key).update(head).update(JSON.stringify(place)).digest()
}
