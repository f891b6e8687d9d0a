import pg from 'pg'
import postgresJs from 'postgres'
import type { PostgresClient } from '../../../src/stores/postgres.ts'

/** A client of a library, and how to close it. */
export interface Connected {
  readonly client: PostgresClient
  close(): Promise<void>
}

export type Connect = (url: string, max?: number) => Connected

/** A pool of `pg`. A connection that fails while nobody uses it is the pool's affair. */
export const pgPool = (url: string, max = 10): Connected & { readonly client: pg.Pool } => {
  const client = new pg.Pool({ connectionString: url, max })
  client.on('error', () => undefined)
  return { client, close: () => client.end() }
}

export const postgresClient = (url: string, max = 10): Connected & { readonly client: postgresJs.Sql } => {
  const client = postgresJs(url, { max, onnotice: () => undefined, backoff: () => 0.05 })
  return { client, close: () => client.end({ timeout: 1 }) }
}
