import type { RedisConnection } from './redis-client.ts'
import type { Timer } from './timer.ts'
import type { Watchers } from './watchers.ts'

/** How long one question for news stays open, in milliseconds: as long a lost connection may go unnoticed. */
const block = 2_000
/** How long until the next try where the server cannot be asked. */
const pause = 250

/** Hears of what others wrote: a connection of its own waits for the stream of the feed to grow, while somebody watches. */
export class RedisWatch {
  readonly #connection: RedisConnection
  readonly #stream: string
  readonly #watchers: Watchers
  readonly #timer: Timer
  #watching = 0
  #close: (() => void) | undefined

  constructor(connection: RedisConnection, stream: string, watchers: Watchers, timer: Timer) {
    this.#connection = connection
    this.#stream = stream
    this.#watchers = watchers
    this.#timer = timer
  }

  add(grew: () => void): () => void {
    const remove = this.#watchers.add(grew)
    let stopped = false
    if (this.#watching++ === 0) this.#start()
    return () => {
      if (stopped) return
      stopped = true
      remove()
      if (--this.#watching === 0) this.stop()
    }
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
      while (!isOver) {
        try {
          const { connection, close } = await this.#connection.duplicate()
          leave = close
          if (!isOver) await this.#hear(connection, () => isOver)
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
      const news = await connection.ask(this.#stream, 'XREAD', ...wait)
      if (isOver()) return
      if (news === null) continue
      this.#watchers.tellSoon()
      last = await this.#last(connection)
    }
  }

  async #last(connection: RedisConnection): Promise<string> {
    const answer = await connection.ask(this.#stream, 'XREVRANGE', this.#stream, '+', '-', 'COUNT', '1')
    const [entry] = Array.isArray(answer) ? (answer as readonly unknown[]) : []
    return Array.isArray(entry) ? String(entry[0]) : '0-0'
  }

  #after(delay: number): Promise<void> {
    return new Promise((resolve) => void this.#timer.after(delay, resolve))
  }
}
