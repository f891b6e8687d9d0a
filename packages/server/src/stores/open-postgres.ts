import pg from 'pg'
import type { Store } from 'sojourn'
import { postgres } from 'sojourn/stores/postgres'
import { openedStore } from './opened-store.ts'
import type { PostgresPlace } from './store-place.ts'

/** Sessions in PostgreSQL, over a pool of its own. It connects when it is asked. */
export function openPostgres({ url, schema, prepare }: PostgresPlace): Store {
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5_000, keepAlive: true })
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  return openedStore(postgres(pool, { prepare, ...(schema === undefined ? {} : { schema }) }), () =>
    pool.end(),
  )
}
