import { type Names, readNames as readSqlNames, type SqlNames } from './sql-names.ts'

export type { ColumnName, Names } from './sql-names.ts'
export type SqliteNames = SqlNames

/** Names as they stand in the SQL of SQLite. */
export function readNames(options: SqlNames): Names {
  return readSqlNames(options, {
    longest: 63,
    longestSessions: 63,
    reserved: 'sqlite_',
    quote: (name) => `"${name}"`,
  })
}
