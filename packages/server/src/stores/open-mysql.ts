import { createPool } from 'mysql2/promise'
import type { Store } from 'sojourn'
import { mysql } from 'sojourn/stores/mysql'
import { openedStore } from './opened-store.ts'
import type { MysqlPlace } from './store-place.ts'

/** Sessions in MariaDB or MySQL, over a pool of its own. It connects when it is asked. */
export function openMysql({ host, port, user, password, database, tls }: MysqlPlace): Store {
  const pool = createPool({
    host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    // With what the machine trusts; a certificate of its own is named by NODE_EXTRA_CA_CERTS.
    ...(tls ? { ssl: { rejectUnauthorized: true } } : {}),
    connectionLimit: 8,
    connectTimeout: 5_000,
    enableKeepAlive: true,
  })
  return openedStore(mysql(pool), () => pool.end())
}
