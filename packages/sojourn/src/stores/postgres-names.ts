import { invalidOption } from '../core/errors.ts'
import { type Names, type NamingRules, readNames, type SqlNames } from './sql-names.ts'

export interface PostgresNames extends SqlNames {
  /** The schema of the tables. It is made where it is missing. */
  readonly schema?: string
}

/** Names as they stand in SQL. Tables and functions have their schema with them: no `search_path` can lead astray. */
export interface PgNames extends Names {
  /** The schema, quoted. */
  readonly schema: string
  /** The table of layouts, which all sessions tables of the schema share. */
  readonly layout: string
  /** A function of the sessions table. Its name has a version: nodes of two releases can be at work at once. */
  fn(of: string): string
  /** Where the feed's growth is told of. */
  readonly channel: string
}

export function readPostgresNames({ schema = 'public', ...options }: PostgresNames): PgNames {
  if (typeof schema !== 'string' || !/^(?!pg_)[A-Za-z_][A-Za-z0-9_]{0,62}$/i.test(schema)) {
    const expected = 'a name of at most 63 letters, digits and _ that does not begin with a digit or pg_'
    throw invalidOption('schema', expected, schema)
  }
  const qualify = (name: string): string => `${quote(schema)}.${name}`
  const rules: NamingRules = { longest: 63, longestSessions: 40, reserved: 'pg_', quote, qualify }
  const names = readNames(options, rules)
  return {
    ...names,
    schema: quote(schema),
    layout: qualify(quote('sojourn_layout')),
    fn: (of) => qualify(quote(`${names.table}_${of}_v1`)),
    channel: names.changes.replaceAll('"', '').slice(-63),
  }
}

function quote(name: string): string {
  return `"${name}"`
}
