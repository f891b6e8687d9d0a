import { hash } from 'node:crypto'
import { SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Timer } from './timer.ts'

/** What the store asks of a client, such as `memcache-client`. It may refuse by `false` or by an error with Memcached's word. */
export interface MemcachedClient {
  /** By key what stands there: `{ value, casUniq }`, with the token of compare-and-swap. Absent ones are absent. */
  gets(keys: string[]): Promise<unknown>
  /** Stores under a key that is free. `lifetime` 0: no limit of time; -1: gone at once. */
  add(key: string, value: string, options: { readonly lifetime: number }): Promise<unknown>
  /** Stores where nothing was stored since the token was given. */
  cas(
    key: string,
    value: string,
    options: { readonly lifetime: number; readonly casUniq: string | number },
  ): Promise<unknown>
}

export interface RecordsOptions {
  readonly prefix: string
  /** The most bytes of one record. */
  readonly mostBytes: number
  readonly patience: Millis
  readonly timer: Timer
}

/** How many keys one command names at most: far less than what the server takes in one line. */
const mostKeys = 128

interface Answer {
  readonly [key: string]: { readonly value: unknown; readonly casUniq?: unknown } | undefined
}

/** What stands under a key: its value, and what it takes to replace it. `undefined` as the value: nothing that can be read. */
export interface MemcachedRecord {
  readonly key: string
  readonly value: unknown
  /** `undefined`: the key is free. */
  readonly token: string | number | undefined
}

type Change<T> = (values: readonly unknown[]) => readonly [value: unknown, result: T]

/** JSON under keys, changed by compare-and-swap alone: nothing is ever overwritten that was not read. */
export class MemcachedRecords {
  readonly mostBytes: number
  readonly #client: MemcachedClient
  readonly #options: RecordsOptions
  /** Who comes last to each key. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(client: MemcachedClient, options: RecordsOptions) {
    this.#client = client
    this.#options = options
    this.mostBytes = options.mostBytes
  }

  /** A key for any name, however long and whatever is in it: with the longest prefix less than the 250 bytes that a key may have. */
  key(kind: string, name: string = ''): string {
    return `${this.#options.prefix}${kind}${name === '' ? '' : `:${hash('sha256', name, 'base64url').slice(0, 22)}`}`
  }

  /** In one round trip, in the order of the keys. */
  async read(keys: readonly string[]): Promise<readonly MemcachedRecord[]> {
    const parts: (readonly string[])[] = []
    for (let from = 0; from < keys.length; from += mostKeys) parts.push(keys.slice(from, from + mostKeys))
    return (await Promise.all(parts.map((part) => this.#read(part)))).flat()
  }

  async #read(keys: readonly string[]): Promise<readonly MemcachedRecord[]> {
    const got = (await this.#ask(() => this.#client.gets([...keys]))) as Answer | undefined
    return keys.map((key) => {
      const record = got?.[key]
      if (record === undefined) return { key, value: undefined, token: undefined }
      const { value, casUniq: token } = record
      if (typeof token !== 'string' && typeof token !== 'number')
        throw new SessionError(
          'store_unavailable',
          'The client of Memcached gives no token for compare-and-swap',
        )
      return { key, value: parsed(value), token }
    })
  }

  /** Puts a value in the place of what was read; false where something else stands there by now. `undefined`: frees the key. */
  async replace({ key, token }: MemcachedRecord, value: unknown): Promise<boolean> {
    const lifetime = value === undefined ? -1 : 0
    const text = value === undefined ? '0' : JSON.stringify(value)
    if (Buffer.byteLength(text) > this.mostBytes)
      throw new SessionError(
        'store_full',
        `A record would take more than the ${this.mostBytes} bytes of maxBytes. Raise it, and the -I of Memcached, or take another store`,
      )
    if (token !== undefined)
      return await this.#stored(() => this.#client.cas(key, text, { lifetime, casUniq: token }))
    return value === undefined || (await this.#stored(() => this.#client.add(key, text, { lifetime })))
  }

  /** Those of one process who change what stands under a key wait for each other, and meet only those of others. */
  async inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(run, run)
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }

  /** Reads and replaces until nobody came between. `change` returns the value as it should be, or what was read to leave it. */
  async update<T>(keys: readonly [string, ...string[]], change: Change<T>): Promise<T> {
    return await this.inTurn(keys[0], () => this.#update(keys, change))
  }

  async #update<T>(keys: readonly string[], change: Change<T>): Promise<T> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (attempt > 0) await pause(attempt)
      const records = await this.read(keys)
      const [first] = records
      if (first === undefined) break
      const [value, result] = change(records.map((record) => record.value))
      if (value === first.value || (await this.replace(first, value))) return result
    }
    throw contended()
  }

  async #stored(send: () => Promise<unknown>): Promise<boolean> {
    const said = await this.#ask(async () => {
      try {
        return await send()
      } catch (error) {
        if (error instanceof Error && refusals.test(error.message)) return false
        throw error
      }
    })
    return said !== false && !(typeof said === 'string' && refusals.test(said))
  }

  /** What the client answers in time. A client may also throw at once. */
  async #ask(send: () => Promise<unknown>): Promise<unknown> {
    const { patience, timer } = this.#options
    try {
      return await new Promise((resolve, reject) => {
        const cancel = timer.after(patience, () => reject(new Error(`no answer within ${patience} ms`)))
        void Promise.resolve().then(send).then(resolve, reject).finally(cancel)
      })
    } catch (error) {
      throw unavailable(error)
    }
  }
}

export const mostAttempts = 200

/** A moment of chance, so that those who met do not meet again. */
export async function pause(attempt: number): Promise<void> {
  if (attempt < 2) return
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** (attempt / 4), 20)))
}

export function contended(): SessionError {
  return new SessionError('store_unavailable', 'Others change the same records of Memcached all the time')
}

const refusals = /^(NOT_STORED|EXISTS|NOT_FOUND)\b/

/** The words of a client may hold the command that failed, and with it hashes: only the first line is told. */
function unavailable(error: unknown): SessionError {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split(/[\r\n]/, 1)
  if (line.includes('too large'))
    return new SessionError(
      'store_full',
      'Memcached takes no record as large as maxBytes: raise its -I, or lower maxBytes',
      { cause: error },
    )
  return new SessionError('store_unavailable', `Memcached cannot answer: ${line.slice(0, 200)}`, {
    cause: error,
  })
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return undefined
  try {
    return JSON.parse(value.toString())
  } catch {
    return undefined
  }
}
