import pg from 'pg'
import { connections, startedAt } from './started-at.ts'

/** Moments come as text unless somebody reads them as numbers, as the server does. */
pg.types.setTypeParser(20, Number)

export const pool = new pg.Pool({ connectionString: startedAt('postgres'), max: connections })

// The server goes when the bench is over, before this process does.
pool.on('error', () => {})
