import { SessionError } from '../core/errors.ts'
import type { Connection, Query } from './postgres-client.ts'
import { failureOf, isUndone } from './postgres-errors.ts'
import { layout } from './postgres-layout.ts'
import { isPresent, migrate } from './postgres-migrate.ts'
import type { ReadOptions } from './postgres-options.ts'

/** How often a step is done again that the database undid because of another one. */
const mostTries = 5

/** Runs the statements of a store: each is one round trip and one transaction. */
export class PostgresSteps {
  readonly #connection: Connection
  readonly #options: ReadOptions
  #ready: Promise<void> | undefined
  #isReady = false

  constructor(connection: Connection, options: ReadOptions) {
    this.#connection = connection
    this.#options = options
  }

  /** The rows of a statement, once the layout is known to be there. Failures are `store_unavailable`. */
  readonly run: Query = async (text, values) => {
    try {
      // Another node may be making the tables, and stand still in it.
      if (!this.#isReady) await this.#inTime(this.#prepared())
      for (let tries = 1; ; tries++) {
        try {
          return await this.#inTime(this.#connection.query(text, values))
        } catch (error) {
          // Nothing of it has happened.
          if (!isUndone(error) || tries === mostTries) throw error
        }
      }
    } catch (error) {
      throw failureOf(error)
    }
  }

  /** Many calls wait for one migration; one that failed is tried again at the next call. */
  #prepared(): Promise<void> {
    this.#ready ??= this.#prepare().then(
      () => void (this.#isReady = true),
      (error: unknown) => {
        this.#ready = undefined
        throw error
      },
    )
    return this.#ready
  }

  async #prepare(): Promise<void> {
    const { names, migrates } = this.#options
    if (migrates) return await migrate(this.#connection, names, layout)
    if (await this.#inTime(isPresent(this.#connection.query, names, layout))) return
    throw new SessionError(
      'store_unavailable',
      `The layout of ${names.table} is older than this release needs: run migratePostgres, or leave migrate out`,
    )
  }

  /** A client may wait without end: for a connection, or for a server that stands still. */
  #inTime<T>(answer: Promise<T>): Promise<T> {
    const { deadline, timer } = this.#options
    return new Promise((resolve, reject) => {
      const cancel = timer.after(deadline, () =>
        reject(new SessionError('store_unavailable', `PostgreSQL did not answer within ${deadline} ms`)),
      )
      answer.then(
        (value) => {
          cancel()
          resolve(value)
        },
        (error: unknown) => {
          cancel()
          reject(error)
        },
      )
    })
  }
}
