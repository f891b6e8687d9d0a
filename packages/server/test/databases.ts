import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { type Database, openDatabase } from '../src/database/open-database.ts'
import { postgresIsMissing, postgresSocket } from './postgres-cluster.ts'

export interface TestDatabase {
  readonly name: string
  /** Why it cannot be tested here, or false. */
  readonly skip: string | false
  /** An empty one, which goes with the test. */
  readonly open: (t: TestContext) => Promise<Database>
}

/** Every database that the server's own tables may stand in. */
export const databases: readonly TestDatabase[] = [
  { name: 'sqlite', skip: false, open: (t) => opened(t, 'sqlite::memory:') },
  { name: 'postgres', skip: postgresIsMissing, open: async (t) => opened(t, await newPostgres()) },
]

/** Where a new database of the test's own PostgreSQL is. */
export async function newPostgres(): Promise<string> {
  const host = encodeURIComponent(await postgresSocket())
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client(`postgres://postgres@/postgres?host=${host}`)
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return `postgres://postgres@/${name}?host=${host}`
}

async function opened(t: TestContext, location: string): Promise<Database> {
  const database = await openDatabase(location)
  t.after(() => database.destroy())
  return database
}
