import { createPool } from 'mysql2/promise'
import type { Pool } from 'mysql2/promise'
import type { Store } from '../../../src/core/store.ts'
import { mysql } from '../../../src/stores/mysql.ts'
import type { MysqlOptions } from '../../../src/stores/mysql.ts'
import { closing, type Opened } from '../closing.ts'

/** A store over a pool of its own, which is closed with it. */
export function openMysql(url: string): Opened {
  const pool = createPool({ uri: url, connectionLimit: 8 })
  return closing(mysql(pool), () => pool.end())
}

/** An empty store in the tables that others used before: making tables and procedures takes longer than emptying them. */
export async function emptyMysql(pool: Pool, options: MysqlOptions = {}): Promise<Store> {
  const store = mysql(pool, options)
  await store.find('')
  const { sessions = 'sojourn_sessions' } = options.tables ?? {}
  const { watermarks, leases } = { ...tablesAfter(options.tables?.sessions), ...options.tables }
  for (const table of [sessions, watermarks, leases]) await pool.query(`DELETE FROM \`${table}\``)
  return store
}

function tablesAfter(sessions: string | undefined): { readonly watermarks: string; readonly leases: string } {
  const stem = sessions ?? 'sojourn'
  return { watermarks: `${stem}_watermarks`, leases: `${stem}_leases` }
}
