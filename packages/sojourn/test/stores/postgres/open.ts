import { postgres } from '../../../src/stores/postgres.ts'
import { closing, type Opened } from '../closing.ts'
import { pgPool } from './clients.ts'

/** What stands in a schema at `postgres://user@127.0.0.1:5432/postgres?schema=s`, over a pool of its own. */
export async function openPostgres(given: string): Promise<Opened> {
  const url = new URL(given)
  const schema = url.searchParams.get('schema') ?? 'public'
  url.searchParams.delete('schema')
  const pool = pgPool(url.href)
  // A machine that is busy with many nodes may let them wait.
  return closing(postgres(pool.client, { schema, deadline: 60_000 }), pool.close)
}
