import { SessionError } from '../core/errors.ts'
import type { Duplicate, RedisConnection, Replication } from './redis-client.ts'

/**
 * Answers a step once enough replicas have it. It takes a connection of its own, for Redis answers nothing else on one that
 * waits; of steps at once, one wait is for all that were answered before it began.
 */
export class RedisReplication {
  readonly #connection: RedisConnection
  readonly #key: string
  readonly #wanted: Replication
  #own: Duplicate | undefined
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<number> | undefined

  constructor(connection: RedisConnection, key: string, wanted: Replication) {
    this.#connection = connection
    this.#key = key
    this.#wanted = wanted
  }

  async run<T>(send: (connection: RedisConnection) => Promise<T>): Promise<T> {
    this.#own ??= this.#connection.duplicate()
    const own = this.#own
    await own.opened.catch((error: unknown) => {
      own.close()
      if (this.#own === own) this.#own = undefined
      throw error
    })
    const answer = await send(own.connection)
    const { replicas, millis } = this.#wanted
    const count = await this.#replicated(own.connection)
    if (count >= replicas) return answer
    throw new SessionError(
      'store_unavailable',
      `Only ${count} of ${replicas} replicas had the change within ${millis} ms: a failover could undo it`,
    )
  }

  close(): void {
    this.#own?.close()
    this.#own = undefined
  }

  /** Joins the next wait, which begins when the one that is under way is over. */
  #replicated(connection: RedisConnection): Promise<number> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      const count = connection.wait(this.#key, this.#wanted)
      this.#running = count.catch(() => undefined)
      return count
    })
    return this.#next
  }
}
