import { after, before } from 'node:test'
import { createPool } from 'mysql2/promise'
import type { Pool, PoolOptions } from 'mysql2/promise'
import { startMariadb } from '../../../../../test/services/mariadb.ts'
import type { MariadbServer } from '../../../../../test/services/mariadb.ts'

/** A server for the tests of a `describe`, and a pool to it. */
export function useMariadb(
  options: PoolOptions = {},
  settings: readonly string[] = [],
): { readonly server: MariadbServer; readonly pool: Pool } {
  let server: MariadbServer | undefined
  let pool: Pool | undefined
  before(async () => {
    server = await startMariadb(settings)
    pool = createPool({ uri: server.url, connectionLimit: 8, ...options })
  })
  after(async () => {
    await pool?.end()
    await server?.stop()
  })
  return {
    get server() {
      return started(server)
    },
    get pool() {
      return started(pool)
    },
  }
}

function started<T>(what: T | undefined): T {
  if (what === undefined) throw new TypeError('The server has not been started')
  return what
}
