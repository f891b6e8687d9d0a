import type { Clock } from 'sojourn'
import { Accounts } from './accounts/accounts.ts'
import { Passwords } from './accounts/passwords.ts'
import type { Config } from './config.ts'
import { opened } from './config/opened.ts'
import { type Database, openDatabase } from './database/open-database.ts'

export interface OpenedAccounts {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly database: Database
  close(): Promise<void>
}

/** The server's accounts, their tables migrated. */
export async function openAccounts(
  { database: location }: Pick<Config, 'database'>,
  passwords: Passwords = new Passwords(),
  clock: Pick<Clock, 'now'> = { now: Date.now },
): Promise<OpenedAccounts> {
  const expected = location.startsWith('sqlite:')
    ? 'a file that can be written (without it, SOJOURN_DATA: a folder that can)'
    : 'a PostgreSQL database that answers and lets us in'
  const database = await opened('SOJOURN_DATABASE', expected, () => openDatabase(location))
  return {
    accounts: new Accounts(database, passwords, clock),
    passwords,
    database,
    close: () => database.destroy(),
  }
}
