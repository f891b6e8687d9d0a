import { invalidOption } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import type { MysqlClient } from './mysql-client.ts'
import { readNames } from './mysql-names.ts'
import { MysqlStore } from './mysql-store.ts'
import type { SqlNames } from './sql-names.ts'
import { systemTimer } from './timer.ts'
import type { Timer } from './timer.ts'

export type { MysqlClient, MysqlConnection } from './mysql-client.ts'

export interface MysqlOptions extends SqlNames {
  /** Runs what looks now and then whether the feed grew, while somebody watches. Absent: the machine's. */
  readonly timer?: Timer
}

/**
 * Sessions in MariaDB or MySQL, over a pool of `mysql2/promise`, which stays open. Any number of nodes may share the tables.
 *
 * The tables and procedures, under the names that `tables` and `columns` choose, are those of `mysql-layout.ts`. They are created and
 * brought up to date before the first answer. Each verb is then one statement: a query, or the call of a procedure that is one
 * transaction.
 */
export function mysql(client: MysqlClient, options: MysqlOptions = {}): Store {
  if (typeof client?.execute !== 'function' || typeof client.getConnection !== 'function')
    throw invalidOption('client', 'a pool of mysql2/promise', client)
  return new MysqlStore(client, readNames(options), options.timer ?? systemTimer)
}
