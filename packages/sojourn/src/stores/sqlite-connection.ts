import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { SessionError } from '../core/errors.ts'

/** How long a step waits for another process that writes, in milliseconds. It blocks this one meanwhile. */
const patience = 2_000

/** Dynamic statements that are kept prepared; far more than the filters that one application uses. */
const mostStatements = 200

/** A connection with its prepared statements, whose rows are arrays in the order of their columns. */
export class SqliteConnection {
  readonly db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.db = db
  }

  prepare(sql: string): StatementSync {
    const statement = this.db.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }

  /** All rows of a statement that is prepared once. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as unknown as Row[]
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as unknown as Row | undefined
  }

  /** How many rows a statement changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes)
  }

  /**
   * Runs a step in one transaction that other processes see whole or not at all. It takes the right to write before it
   * reads, so that what it read still holds when it writes. Within a transaction of the caller it is a part of that one.
   */
  step<T>(run: () => T): T {
    let nested = false
    try {
      nested = this.db.isTransaction
      this.run(nested ? 'SAVEPOINT sojourn' : 'BEGIN IMMEDIATE')
      const result = run()
      this.run(nested ? 'RELEASE sojourn' : 'COMMIT')
      return result
    } catch (error) {
      this.#undo(nested)
      throw unavailable(error)
    }
  }

  #undo(nested: boolean): void {
    if (!this.db.isOpen || !this.db.isTransaction) return
    try {
      if (nested) this.db.exec('ROLLBACK TO sojourn; RELEASE sojourn')
      else this.db.exec('ROLLBACK')
    } catch {
      // The failure that led here says more, and some failures have rolled back already.
    }
  }

  #statement(sql: string): StatementSync {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) return kept
    if (this.#statements.size >= mostStatements) this.#statements.clear()
    const statement = this.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Opens a file that only its owner can read: hashes and addresses are in it. */
export function openFile(path: string, durable: boolean): DatabaseSync {
  try {
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
    const db = new DatabaseSync(path, { timeout: patience })
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`)
    return db
  } catch (error) {
    throw new SessionError('store_unavailable', `SQLite cannot open ${path}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** What a failure of SQLite is to a caller: the store cannot answer. Other errors stay what they are. */
export function unavailable(error: unknown): unknown {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ERR_SQLITE_ERROR' && code !== 'ERR_INVALID_STATE' && code !== 'ERR_OUT_OF_RANGE') return error
  return new SessionError('store_unavailable', `SQLite cannot answer: ${messageOf(error)}`, { cause: error })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
