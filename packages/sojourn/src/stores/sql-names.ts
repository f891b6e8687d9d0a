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

export type TableName = keyof typeof tableNames
export type ColumnName = keyof typeof columnNames

export interface SqlNames {
  readonly tables?: { readonly [table in TableName]?: string }
  readonly columns?: { readonly [column in ColumnName]?: string }
}

/** Names as they stand in SQL: quoted, so that a keyword is a name like any other. */
export interface Names extends Readonly<Record<TableName, string>> {
  readonly c: { readonly [column in ColumnName]: string }
  /** The name of an index of the sessions table. */
  index(of: string): string
  /** The sessions table, unquoted. */
  readonly table: string
}

/** What a database takes for a name. */
export interface NamingRules {
  /** The most letters of a name. */
  readonly longest: number
  /** The same of the sessions table: what is named after it, such as an index, must find room too. */
  readonly longestSessions: number
  /** What no name begins with. */
  readonly reserved: string
  quote(name: string): string
  /** The name of a table as statements have it, where that is more than the quoted name. */
  qualify?(quoted: string): string
}

/** Checks the names, which become part of SQL text, and completes them. */
export function readNames({ tables = {}, columns = {} }: SqlNames, rules: NamingRules): Names {
  const { sessions: chosen } = tables
  // Each sessions table has watermarks, leases and changes of its own, whose names follow it.
  const follows =
    chosen === undefined
      ? {}
      : { watermarks: `${chosen}_watermarks`, leases: `${chosen}_leases`, changes: `${chosen}_changes` }
  const { quote, qualify = (name) => name } = rules
  const named = complete('tables', tableNames, { ...follows, ...tables }, rules)
  const quoted = complete('columns', columnNames, columns, rules)
  return {
    ...mapValues(named, (name) => qualify(quote(name))),
    c: mapValues(quoted, (name) => quote(name)),
    index: (of) => quote(`${named.sessions}_${of}`),
    table: named.sessions,
  }
}

function complete<Key extends string>(
  path: string,
  usual: { readonly [key in Key]: string },
  chosen: { readonly [key in Key]?: string },
  rules: NamingRules,
): { readonly [key in Key]: string } {
  const taken = new Set<string>()
  for (const key of Object.keys(chosen)) {
    if (!Object.hasOwn(usual, key))
      throw invalidOption(`${path}.${key}`, `one of ${Object.keys(usual).join(', ')}`, key)
  }
  return mapValues(usual, (name, key) => {
    const given: unknown = chosen[key] ?? name
    const longest = path === 'tables' && key === 'sessions' ? rules.longestSessions : rules.longest
    const isName = typeof given === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(given)
    if (!isName || given.length > longest || given.toLowerCase().startsWith(rules.reserved)) {
      const expected = `a name of letters, digits and _, at most ${longest} long, that does not begin with a digit or ${rules.reserved}`
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
