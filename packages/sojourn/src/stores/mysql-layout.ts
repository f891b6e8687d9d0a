import { invalidOption, SessionError } from '../core/errors.ts'
import { changeProcedures } from './mysql-change.ts'
import { query } from './mysql-client.ts'
import type { MysqlClient, MysqlConnection } from './mysql-client.ts'
import { endProcedure } from './mysql-end.ts'
import { createProcedure, enterProcedure, upgradeProcedure } from './mysql-enter.ts'
import type { MysqlNames } from './mysql-names.ts'
import type { Kit } from './mysql-procedure.ts'
import { restoreProcedure } from './mysql-restore.ts'
import { sweepProcedures } from './mysql-sweep.ts'
import { tablesOf } from './mysql-tables.ts'
import { treeProcedures } from './mysql-trees.ts'
import type { ColumnName } from './sql-names.ts'

/**
 * The steps that lead to the layout. A released step never changes: a new layout is a new step at the end, and a procedure whose
 * text changes gets a new number in its name, so that nodes of the release before go on meanwhile. MySQL commits each of these
 * statements by itself. So each can run again, after a step that was cut off, and a step that changes a table that is in use says
 * ALGORITHM=INPLACE, LOCK=NONE, which fails rather than hold up the sessions.
 */
const steps: readonly ((kit: Kit, collation: string) => readonly string[])[] = [
  ({ names }, collation) => tablesOf(names, collation),
  (kit) =>
    [
      ...treeProcedures(kit),
      endProcedure(kit),
      enterProcedure(kit),
      createProcedure(kit),
      upgradeProcedure(kit),
      restoreProcedure(kit),
      ...changeProcedures(kit),
      ...sweepProcedures(kit),
    ].flatMap((text) => [`DROP PROCEDURE IF EXISTS ${/^CREATE PROCEDURE (\S+)/.exec(text)?.[1]}`, text]),
]

/** How long a node waits for another that brings the layout up to date, in seconds. */
const patience = 120

/** Brings the tables to the present layout; creates them where there are none. Many nodes may start at once. */
export async function migrate(client: MysqlClient, names: MysqlNames): Promise<void> {
  const connection = await client.getConnection()
  try {
    const [server] = await query(
      connection,
      'SELECT @@autocommit, @@character_set_client, DATABASE(), @@sql_mode',
    )
    const [autocommit, charset, database, mode] = server ?? []
    if (Number(autocommit) !== 1) throw invalidOption('client', 'a pool with autocommit', 'a pool without')
    if (charset !== 'utf8mb4') throw invalidOption('client', 'a pool with the charset utf8mb4', charset)
    if (database === null) throw invalidOption('client', 'a pool with a database', 'a pool without')
    const lock = `SHA1(CONCAT(DATABASE(), '/', '${names.table.toLowerCase()}'))`
    const [taken] = await query(connection, `SELECT GET_LOCK(${lock}, ${patience})`)
    if (Number(taken?.[0]) !== 1)
      throw new SessionError(
        'store_unavailable',
        `Another node is still changing the tables of ${names.table} after ${patience} seconds`,
      )
    try {
      // What is inserted by a procedure is never cut to fit: a procedure keeps the mode that it was made under.
      await query(connection, `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`)
      await bringForward(connection, names)
    } finally {
      await query(connection, `SET SESSION sql_mode = '${String(mode)}'`)
      await query(connection, `SELECT RELEASE_LOCK(${lock})`)
    }
  } finally {
    connection.release()
  }
}

async function bringForward(connection: MysqlConnection, names: MysqlNames): Promise<void> {
  await query(
    connection,
    `CREATE TABLE IF NOT EXISTS sojourn_layout (
      sessions_table VARCHAR(64) NOT NULL PRIMARY KEY, version INT NOT NULL) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`,
  )
  const table = names.table.toLowerCase()
  const [row] = await query(
    connection,
    `SELECT version FROM sojourn_layout WHERE sessions_table = '${table}'`,
  )
  const version = Number(row?.[0] ?? 0)
  if (version > steps.length) {
    throw new SessionError(
      'store_unavailable',
      `The layout of ${names.table} has version ${version}, and this release knows versions up to ${steps.length}. Update sojourn, or restore a backup`,
    )
  }
  const columns = await columnsOf(connection, names)
  if (row === undefined && columns.size > 0)
    throw invalidOption('tables.sessions', 'a table of this store, or a name that is free', names.table)
  const collation = await collationOf(connection)
  const kit: Kit = { names, text: `LONGTEXT CHARACTER SET utf8mb4 COLLATE ${collation}` }
  if (row === undefined) await query(connection, `INSERT INTO sojourn_layout VALUES ('${table}', 0)`)
  for (const [index, step] of steps.entries()) {
    if (index < version) continue
    for (const text of step(kit, collation)) await query(connection, text)
    await query(
      connection,
      `UPDATE sojourn_layout SET version = ${index + 1} WHERE sessions_table = '${table}'`,
    )
  }
  checkColumns(await columnsOf(connection, names), names)
}

/** A collation that compares bytes, trailing spaces too. MariaDB and MySQL have one each. */
async function collationOf(connection: MysqlConnection): Promise<string> {
  const rows = await query(
    connection,
    `SELECT COLLATION_NAME FROM information_schema.COLLATIONS
      WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')`,
  )
  const [name] = rows[0] ?? []
  if (typeof name !== 'string')
    throw invalidOption('client', 'MariaDB of at least 10.6, or MySQL of at least 8.0.17', 'an older server')
  return name
}

async function columnsOf(connection: MysqlConnection, names: MysqlNames): Promise<ReadonlySet<string>> {
  const rows = await query(
    connection,
    `SELECT LOWER(COLUMN_NAME) FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${names.table}'`,
  )
  return new Set(rows.map(([name]) => String(name)))
}

/** A table that was made under other column names does not fit. */
function checkColumns(there: ReadonlySet<string>, names: MysqlNames): void {
  for (const key of Object.keys(names.c) as ColumnName[]) {
    const name = names.c[key].slice(1, -1)
    if (!there.has(name.toLowerCase()))
      throw invalidOption(`columns.${key}`, `a column of the table ${names.table}`, name)
  }
}
