import type { Connection } from './postgres-client.ts'
import type { Timer } from './timer.ts'
import type { Watchers } from './watchers.ts'

/** How long until the next try where the server cannot be listened to, and how often is told where no connection can be spared. */
const pause = 250

/** Hears of what others wrote: a connection of its own listens to the channel of the feed, while somebody watches. */
export class PostgresWatch {
  readonly #connection: Connection
  readonly #channel: string
  readonly #watchers: Watchers
  readonly #timer: Timer
  #close: (() => void) | undefined

  constructor(connection: Connection, channel: string, watchers: Watchers, timer: Timer) {
    this.#connection = connection
    this.#channel = channel
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
    let isOver = false
    let cancel = (): void => undefined
    const later = (): void => {
      if (!isOver) cancel = this.#timer.after(pause, listen)
    }
    const tell = (): void => {
      if (!isOver) this.#watchers.tellSoon()
    }
    const listen = (): void => {
      if (!this.#connection.canListen) {
        tell()
        later()
        return
      }
      this.#connection.listen(this.#channel, { heard: tell, lost: later }).then((stop) => {
        if (isOver) stop()
        else cancel = stop
        // Whatever grew before this connection listened was not heard.
        tell()
      }, later)
    }
    this.#close = () => {
      isOver = true
      cancel()
    }
    listen()
  }
}
