import type { RedisConnection } from './redis-client.ts'
import type { Timer } from './timer.ts'
import type { Watchers } from './watchers.ts'

/** How long one question for news stays open, in milliseconds: as long a lost connection may go unnoticed. */
const block = 2_000
/** How long until the next try where the server cannot be asked. */
const pause = 250

/**
 * Hears of what others wrote: a connection of its own waits for the stream of the feed to grow, while somebody watches, and no
 * longer than the client that was handed in is open.
 */
export class RedisWatch {
  readonly #connection: RedisConnection
  readonly #stream: string
  readonly #watchers: Watchers
  readonly #timer: Timer
  #close: (() => void) | undefined

  constructor(connection: RedisConnection, stream: string, watchers: Watchers, timer: Timer) {
    this.#connection = connection
    this.#stream = stream
    this.#watchers = watchers
    this.#timer = timer
  }

  add(grew: () => void): () => void {
    return this.#watchers.add(
      grew,
      () => this.#start(),
      () => this.stop(),
    )
  }

  stop(): void {
    this.#close?.()
    this.#close = undefined
  }

  #start(): void {
    const stopped = Promise.withResolvers<undefined>()
    let isOver = false
    let leave = (): void => undefined
    this.#close = () => {
      isOver = true
      stopped.resolve(undefined)
      leave()
    }
    const listen = async (): Promise<void> => {
      while (!isOver && !this.#connection.isClosed) {
        try {
          const { connection, opened, close } = this.#connection.duplicate()
          leave = close
          await opened
          if (!isOver) await this.#hear(connection, () => isOver || this.#connection.isClosed)
          close()
        } catch {
          leave()
          await Promise.race([stopped.promise, this.#after(pause)])
        }
      }
    }
    void listen()
  }

  /** Until it is over, or the connection fails. */
  async #hear(connection: RedisConnection, isOver: () => boolean): Promise<void> {
    let last = await this.#last(connection)
    // Whatever grew before this connection stood was not heard.
    this.#watchers.tellSoon()
    while (!isOver()) {
      const wait = ['BLOCK', String(block), 'COUNT', '1', 'STREAMS', this.#stream, last]
      const news = await this.#ask(connection, 'XREAD', ...wait)
      if (isOver()) return
      // Also where nothing came: a server that lost its data, behind a client that found it again, has begun anew.
      const now = await this.#last(connection)
      if (news !== null || now !== last) this.#watchers.tellSoon()
      last = now
    }
  }

  async #last(connection: RedisConnection): Promise<string> {
    const answer = await this.#ask(connection, 'XREVRANGE', this.#stream, '+', '-', 'COUNT', '1')
    const [entry] = Array.isArray(answer) ? (answer as readonly unknown[]) : []
    return Array.isArray(entry) ? String(entry[0]) : '0-0'
  }

  /** Gives up on what has no answer: a client may forget a question when it loses its connection. */
  #ask(connection: RedisConnection, command: string, ...args: string[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const cancel = this.#timer.after(2 * block, () => reject(new Error('no answer')))
      connection
        .ask(this.#stream, command, ...args)
        .then(resolve, reject)
        .finally(cancel)
    })
  }

  #after(delay: number): Promise<void> {
    return new Promise((resolve) => void this.#timer.after(delay, resolve))
  }
}
