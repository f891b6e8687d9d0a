import type { Clock } from 'sojourn'
import { Accounts } from './accounts/accounts.ts'
import { Passwords } from './accounts/passwords.ts'
import type { Config } from './config.ts'
import { type Database, openDatabase } from './database/open-database.ts'

export interface OpenedAccounts {
  readonly accounts: Accounts
  readonly database: Database
  close(): Promise<void>
}

/** The server's accounts, their tables migrated. */
export async function openAccounts(
  { database: location }: Pick<Config, 'database'>,
  passwords: Passwords = new Passwords(),
  clock: Pick<Clock, 'now'> = { now: Date.now },
): Promise<OpenedAccounts> {
  const database = await openDatabase(location)
  return {
    accounts: new Accounts(database, passwords, clock),
    database,
    close: () => database.destroy(),
  }
}
