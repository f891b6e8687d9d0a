import { hash } from 'node:crypto'
import type { Clock, Instant, Millis } from 'sojourn'
import { day, minute, second } from 'sojourn/core'
import type { Database } from '../database/open-database.ts'
import { emailKey } from './account.ts'

export interface Counter {
  readonly failures: number
  readonly lastAt: Instant
}

/** Failures that cost nothing: people mistype, and behind one address stand many people. */
const free = { account: 5, address: 50 } as const
const longestWait: Millis = 5 * minute
/** A counter that rests this long begins anew. */
const forgottenAfter: Millis = day
/** Attempts of one moment contend for one row; more than this lose, and count as refused. */
const tries = 16

/** How long after its last failure a counter lets nobody try: a second after the free ones, then twice as long each time. */
export function waitAfter(failures: number, free: number): Millis {
  return failures < free ? 0 : Math.min(longestWait, second * 2 ** Math.min(20, failures - free))
}

/**
 * Slows down guessing, for each account and for each address, whether the account exists or not. An attempt counts as
 * failed before it is judged, so that a hundred at once are not all judged by the same old count; `succeed` takes it back.
 */
export class Lockout {
  readonly #database: Database
  readonly #clock: Pick<Clock, 'now'>

  constructor(database: Database, clock: Pick<Clock, 'now'>) {
    this.#database = database
    this.#clock = clock
  }

  /** Whether this attempt may be judged. One that may not is not counted, so that nobody's wait grows while they wait. */
  async attempt(email: string, address: string | null): Promise<boolean> {
    if (!(await this.#count(keyOfAddress(address), free.address))) return false
    return this.#count(keyOfAccount(email), free.account)
  }

  /** The password was right. The account's counter is gone; the address, which may have tried others, gets its attempt back. */
  async succeed(email: string, address: string | null): Promise<void> {
    await this.#database.deleteFrom('login_failures').where('key', '=', keyOfAccount(email)).execute()
    await this.#database
      .updateTable('login_failures')
      .set((row) => ({ failures: row('failures', '-', 1) }))
      .where('key', '=', keyOfAddress(address))
      .where('failures', '>', 0)
      .execute()
  }

  /** Removes the counters that have rested long enough. */
  async sweep(): Promise<void> {
    const before = this.#clock.now() - forgottenAfter
    await this.#database.deleteFrom('login_failures').where('last_at', '<', before).execute()
  }

  async #count(key: string, free: number): Promise<boolean> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const now = this.#clock.now()
      const before = await this.#read(key)
      const failures = before === undefined || now - before.lastAt > forgottenAfter ? 0 : before.failures
      // A clock that went back, or another node's that is ahead, makes nobody wait longer than the failures call for.
      const since = before === undefined ? Infinity : Math.max(0, now - before.lastAt)
      if (since < waitAfter(failures, free)) return false
      if (await this.#replace(key, before, { failures: failures + 1, lastAt: now })) return true
    }
    return false
  }

  async #read(key: string): Promise<Counter | undefined> {
    const row = await this.#database
      .selectFrom('login_failures')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst()
    return row && { failures: row.failures, lastAt: row.last_at }
  }

  /** Compare-and-set; false where another attempt came first. */
  async #replace(key: string, from: Counter | undefined, to: Counter): Promise<boolean> {
    const row = { failures: to.failures, last_at: to.lastAt }
    if (from === undefined) {
      const { numInsertedOrUpdatedRows = 0n } = await this.#database
        .insertInto('login_failures')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows > 0n
    }
    const { numUpdatedRows } = await this.#database
      .updateTable('login_failures')
      .set(row)
      .where('key', '=', key)
      .where('failures', '=', from.failures)
      .where('last_at', '=', from.lastAt)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }
}

/** Hashed: what was typed may be anybody's address, or a password in the wrong field. */
function keyOfAccount(email: string): string {
  return `account:${hash('sha256', emailKey(email), 'base64url')}`
}

/** One household has one IPv4 address, or the half of an IPv6 one that its network is known by. */
function keyOfAddress(address: string | null): string {
  const text = address?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown'
  return `address:${text.includes(':') ? networkOf(text) : text}`
}

/** The first 64 bits of an IPv6 address, with the zeros that `::` stands for. */
function networkOf(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const zeros = 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  return [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0')].slice(0, 4).join(':')
}
