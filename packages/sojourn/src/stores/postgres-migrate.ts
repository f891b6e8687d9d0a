import { setTimeout as wait } from 'node:timers/promises'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { Connection, Query } from './postgres-client.ts'
import { codeOf } from './postgres-errors.ts'
import type { LayoutStep } from './postgres-layout.ts'
import type { PgNames } from './postgres-names.ts'
import type { ColumnName } from './sql-names.ts'

/** How long a step of a migration waits for a lock while requests queue up behind it, and how often it tries. */
const lockTimeout = '2s'
const tries = 30

/** How often a node looks whether another one is done. */
const lookEvery = 100

/**
 * Brings the tables to the present layout; creates them where there are none. Any number of nodes may call it at once: one
 * works, the others wait. It needs nothing where the layout is the present one.
 */
export async function migrate(
  connection: Connection,
  names: PgNames,
  steps: readonly LayoutStep[],
): Promise<void> {
  if (await isPresent(connection.query, names, steps)) return
  await connection.dedicated(async (query) => {
    const key = `hashtextextended('sojourn layout ' || current_database() || ${literal(names.schema)}, 0)`
    // Not by waiting for the lock: an index that is built online would wait for that statement.
    while ((await query(`SELECT pg_try_advisory_lock(${key})`))[0]?.[0] !== true) await wait(lookEvery)
    try {
      if (!(await isPresent(query, names, steps))) await bringUp(query, names, steps)
    } finally {
      await query(`SELECT pg_advisory_unlock(${key})`)
    }
  })
}

/** Whether the tables have the present layout, or one that this release can work with. */
export async function isPresent(
  query: Query,
  names: PgNames,
  steps: readonly LayoutStep[],
): Promise<boolean> {
  const { version, serves, columns } = await layoutOf(query, names)
  if (version === 0) return false
  if (serves > steps.length) {
    throw new SessionError(
      'store_unavailable',
      `The layout of ${names.table} has version ${version}, and this release works with versions up to ${steps.length}. Update sojourn, or restore a backup`,
    )
  }
  for (const key of Object.keys(names.c) as ColumnName[]) {
    const name = names.c[key].slice(1, -1)
    if (!columns.has(name))
      throw invalidOption(`columns.${key}`, `a column of the table ${names.table}`, name)
  }
  return version >= steps.length
}

async function layoutOf(query: Query, { layout, table, sessions }: PgNames) {
  try {
    const [row] = await query(
      `SELECT l.version, l.serves, (
        SELECT string_agg(a.attname, ',') FROM pg_attribute a WHERE a.attrelid = to_regclass(${literal(sessions)}) AND a.attnum > 0
      ) FROM ${layout} l WHERE l.sessions_table = ${literal(table)}`,
    )
    const [version = 0, serves = 0, columns] = row ?? []
    return { version: Number(version), serves: Number(serves), columns: new Set(String(columns).split(',')) }
  } catch (error) {
    // There is no such table, or no such schema.
    if (codeOf(error) === '42P01' || codeOf(error) === '3F000')
      return { version: 0, serves: 0, columns: new Set<string>() }
    throw error
  }
}

async function bringUp(query: Query, names: PgNames, steps: readonly LayoutStep[]): Promise<void> {
  const { layout, schema, sessions, table } = names
  const isThere = `SELECT to_regnamespace(${literal(schema)}) IS NOT NULL`
  if ((await query(isThere))[0]?.[0] !== true) await query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  await query(`CREATE TABLE IF NOT EXISTS ${layout} (
    sessions_table  text NOT NULL PRIMARY KEY,
    version         int NOT NULL,
    serves          int NOT NULL                     -- the earliest release that works with it, by the layout that it brought
  )`)
  const { version } = await layoutOf(query, names)
  if (version === 0 && (await query(`SELECT to_regclass(${literal(sessions)}) IS NOT NULL`))[0]?.[0] === true)
    throw invalidOption('tables.sessions', 'a table of this store, or a name that is free', table)
  for (const [index, step] of steps.entries()) {
    if (index < version) continue
    const serves = step.breaks === true || index === 0 ? index + 1 : null
    const note = `INSERT INTO ${layout} AS l VALUES (${literal(table)}, ${index + 1}, ${serves ?? 1})
      ON CONFLICT (sessions_table) DO UPDATE SET version = excluded.version, serves = ${serves ?? 'l.serves'}`
    const statements = step.statements(names)
    if (step.online === true) await online(query, [...statements, note])
    else await inOneStep(query, [...statements, note])
  }
}

/** A statement that waits for a lock makes all later ones wait: it gives up soon, and tries again. */
async function inOneStep(query: Query, statements: readonly string[]): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      await query('BEGIN')
      await query(`SET LOCAL lock_timeout = '${lockTimeout}'`)
      for (const statement of statements) await query(statement)
      await query('COMMIT')
      return
    } catch (error) {
      await query('ROLLBACK')
      if (codeOf(error) !== '55P03' || left <= 1) throw error
      await wait(lookEvery)
    }
  }
}

const indexed = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS ("[^"]+") ON ("[^"]+")\./

async function online(query: Query, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    const [, index, schema] = indexed.exec(statement) ?? []
    // One that was cut short is there, and of no use.
    if (index !== undefined && schema !== undefined) {
      const [row] = await query(
        `SELECT 1 FROM pg_index i WHERE i.indexrelid = to_regclass(${literal(`${schema}.${index}`)}) AND NOT i.indisvalid`,
      )
      if (row !== undefined) await query(`DROP INDEX CONCURRENTLY ${schema}.${index}`)
    }
    await query(statement)
  }
}

function literal(name: string): string {
  return `'${name}'`
}
