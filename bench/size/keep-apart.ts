import pg from 'pg'
import { pin } from '../process/pin.ts'

/** What connections call themselves: those of requests, and those of what works beside them. */
export const [requests, beside] = ['bench requests', 'bench beside']

/**
 * A pool whose connections stay open, so that each has one process of PostgreSQL to the end. A connection that fails is its
 * users' affair.
 */
export function namedPool(url: string, name: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, application_name: name, max, idleTimeoutMillis: 0 })
  pool.on('error', () => undefined)
  return pool
}

/**
 * Gives requests and what works beside them a core each, where the machine can do it, this process and the processes of PostgreSQL
 * that are connected now: so that requests wait for what the others do to the data, and not for a processor.
 */
export async function keepApart(pool: pg.Pool): Promise<void> {
  pin(process.pid, 0)
  const { rows } = await pool.query<{ pid: number; name: string }>(
    'SELECT pid, application_name AS name FROM pg_stat_activity WHERE application_name = ANY ($1)',
    [[requests, beside]],
  )
  for (const { pid, name } of rows) pin(pid, name === requests ? 0 : 1)
}
