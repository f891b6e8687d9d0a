import { invalidOption } from '../core/errors.ts'
import { secretColumns, sessionColumns } from './sql-row.ts'

/** The tables, by the name that each has unless another is chosen. */
export const tableNames = {
  sessions: 'sojourn_sessions',
  watermarks: 'sojourn_watermarks',
  leases: 'sojourn_leases',
  changes: 'sojourn_changes',
} as const

/** The columns of the sessions table, by the name that each has unless another is chosen. */
export const columnNames = { ...sessionColumns, ...secretColumns, dueAt: 'due_at' } as const

export type ColumnName = keyof typeof columnNames

export interface SqliteNames {
  readonly tables?: { readonly [table in keyof typeof tableNames]?: string }
  readonly columns?: { readonly [column in ColumnName]?: string }
}

/** Names as they stand in SQL: quoted, so that a keyword is a name like any other. */
export interface Names {
  readonly sessions: string
  readonly watermarks: string
  readonly leases: string
  readonly changes: string
  readonly c: { readonly [column in ColumnName]: string }
  /** The name of an index of the sessions table. */
  index(of: string): string
  /** The sessions table, unquoted. */
  readonly table: string
}

/** Checks the names, which become part of SQL text, and completes them. */
export function readNames({ tables = {}, columns = {} }: SqliteNames): Names {
  // Each sessions table has watermarks, leases and changes of its own, whose names follow it.
  const { sessions: chosen } = tables
  const follows =
    chosen === undefined
      ? {}
      : { watermarks: `${chosen}_watermarks`, leases: `${chosen}_leases`, changes: `${chosen}_changes` }
  const { sessions, watermarks, leases, changes } = complete('tables', tableNames, { ...follows, ...tables })
  return {
    sessions: quote(sessions),
    watermarks: quote(watermarks),
    leases: quote(leases),
    changes: quote(changes),
    c: mapValues(complete('columns', columnNames, columns), quote),
    index: (of) => quote(`${sessions}_${of}`),
    table: sessions,
  }
}

function complete<Key extends string>(
  path: string,
  usual: { readonly [key in Key]: string },
  chosen: { readonly [key in Key]?: string },
): { readonly [key in Key]: string } {
  const taken = new Set<string>()
  for (const key of Object.keys(chosen)) {
    if (!Object.hasOwn(usual, key))
      throw invalidOption(`${path}.${key}`, `one of ${Object.keys(usual).join(', ')}`, key)
  }
  return mapValues(usual, (name, key) => {
    const given: unknown = chosen[key] ?? name
    const expected = 'a name of letters, digits and _ that does not begin with a digit or sqlite_'
    if (typeof given !== 'string' || !/^(?!sqlite_)[A-Za-z_][A-Za-z0-9_]{0,62}$/i.test(given)) {
      throw invalidOption(`${path}.${key}`, expected, given)
    }
    // SQL compares names without regard to case.
    if (taken.has(given.toLowerCase()))
      throw invalidOption(`${path}.${key}`, 'a name that no other has', given)
    taken.add(given.toLowerCase())
    return given
  })
}

function mapValues<Key extends string>(
  from: { readonly [key in Key]: string },
  to: (value: string, key: Key) => string,
): { readonly [key in Key]: string } {
  const entries = Object.entries<string>(from).map(([key, value]) => [key, to(value, key as Key)])
  return Object.fromEntries(entries) as { [key in Key]: string }
}

function quote(name: string): string {
  return `"${name}"`
}
