import type { SqliteConnection } from './sqlite-connection.ts'
import type { Timer } from './timer.ts'
import type { Watchers } from './watchers.ts'

/** How often a process looks whether another wrote, in milliseconds. A look reads one number of the file's header. */
const lookEvery = 50

/** Notices what other processes write: SQLite tells nobody. Looks only while somebody watches. */
export class SqliteWatch {
  readonly #connection: SqliteConnection
  readonly #watchers: Watchers
  readonly #timer: Timer
  #seen: number | undefined
  #cancel: (() => void) | undefined

  constructor(connection: SqliteConnection, watchers: Watchers, timer: Timer) {
    this.#connection = connection
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
    this.#cancel?.()
    this.#cancel = undefined
  }

  #start(): void {
    this.#seen = this.#version()
    this.#lookLater()
  }

  #lookLater(): void {
    this.#cancel = this.#timer.after(lookEvery, () => {
      const version = this.#version()
      if (version !== this.#seen) this.#watchers.tellSoon()
      this.#seen = version
      this.#lookLater()
    })
  }

  /** A number that changes when another connection has written; unknown where the file cannot be read just now. */
  #version(): number | undefined {
    try {
      return this.#connection.get<readonly [number]>('PRAGMA data_version')?.[0]
    } catch {
      return undefined
    }
  }
}
