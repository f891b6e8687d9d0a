import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { SqliteDatabase } from 'kysely'

/** Preparing takes SQLite longer than most of what is asked. Of lists in a condition there are many lengths. */
const mostPrepared = 500

interface Prepared {
  readonly statement: StatementSync
  readonly reader: boolean
}

/** Node's own SQLite as Kysely's dialect asks for it: durable, with foreign keys, waiting for a lock instead of failing. */
export function openNodeSqlite(path: string): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  const known = new Map<string, Prepared>()
  const prepared = (sql: string): Prepared => {
    const found = known.get(sql)
    if (found !== undefined) return found
    const statement = database.prepare(sql)
    // A statement that gives columns is one to read from, `returning` included.
    const made = { statement, reader: statement.columns().length > 0 }
    if (known.size >= mostPrepared) known.clear()
    known.set(sql, made)
    return made
  }
  return {
    close: () => database.close(),
    prepare(sql) {
      const { statement, reader } = prepared(sql)
      return {
        reader,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        // What is read bit by bit may be asked anew meanwhile.
        iterate: (parameters) => database.prepare(sql).iterate(...values(parameters)),
      }
    },
  }
}

function values(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return value
    throw new TypeError(`SQLite was given a ${typeof value}`)
  })
}
