import { type Dialect, Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { makePrivate } from '../private-file.ts'
import { migrations } from './migrations.ts'
import { openNodeSqlite } from './node-sqlite.ts'
import { sharedSqlite } from './shared-sqlite.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** The server's own tables, migrated to what this version expects: `sqlite:<file>`, `sqlite::memory:` or `postgres://…`. */
export function openDatabase(location: string): Promise<Database> {
  const isFile = location.startsWith('sqlite:') && location !== 'sqlite::memory:'
  return isFile ? sharedSqlite(location, () => opened(location)) : opened(location)
}

async function opened(location: string): Promise<Database> {
  const database = await connectDatabase(location)
  try {
    await migrate(database)
  } catch (error) {
    await database.destroy()
    throw error
  }
  return database
}

/** The tables as they are, whatever version they are of. */
export async function connectDatabase(location: string): Promise<Database> {
  return new Kysely<Tables>({ dialect: await dialectOf(location) })
}

/** Whether the database answers within `timeout` milliseconds. */
export async function isReady(database: Database, timeout: number): Promise<boolean> {
  const answer = sql`select 1`.execute(database).then(
    () => true,
    () => false,
  )
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, timeout, false)
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
}

async function dialectOf(location: string): Promise<Dialect> {
  if (!location.startsWith('sqlite:')) return new PostgresDialect({ pool: openPool(location) })
  const file = location.slice('sqlite:'.length)
  if (file !== ':memory:') await makePrivate(file)
  return new SqliteDialect({ database: openNodeSqlite(file) })
}

/** PostgreSQL's `bigint` comes as text, since it may pass 2^53; our moments do not. */
const bigint = 20

function openPool(connectionString: string): pg.Pool {
  const types = {
    getTypeParser: ((id: number, format?: 'text'): unknown =>
      id === bigint ? Number : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({ connectionString, types, max: 8, connectionTimeoutMillis: 5_000 })
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

async function migrate(database: Database): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve({ ...migrations }) }
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest()
  if (error === undefined) return
  throw error instanceof Error ? error : new Error('the database could not be migrated', { cause: error })
}
