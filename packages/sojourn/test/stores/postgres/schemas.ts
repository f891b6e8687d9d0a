import type pg from 'pg'
import { type PostgresOptions, postgres } from '../../../src/stores/postgres.ts'
import type { Store } from '../../../src/core/store.ts'

let made = 0

/** A store in a schema of its own. */
export function inFreshSchema(
  pool: pg.Pool,
  options: PostgresOptions = {},
): { schema: string; store: Store } {
  const schema = `s${++made}`
  return { schema, store: postgres(pool, { schema, ...options }) }
}

/** Removes what a store holds, but for its feed: making the tables anew costs more. */
export async function empty(pool: pg.Pool, schema: string): Promise<void> {
  const tables = ['sessions', 'watermarks', 'leases'].map((table) => `"${schema}".sojourn_${table}`)
  await pool.query(`TRUNCATE ${tables.join(', ')}`)
}
