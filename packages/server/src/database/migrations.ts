import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { links } from './migrations/0010-links.ts'
import { settings } from './migrations/0020-settings.ts'
import { secondFactors } from './migrations/0030-second-factors.ts'
import { passkeys } from './migrations/0031-passkeys.ts'
import { deniedLogins } from './migrations/0040-denied-logins.ts'
import { integrations } from './migrations/0050-integrations.ts'
import { roundTrips } from './migrations/0055-round-trips.ts'
import { apiKeys } from './migrations/0060-api-keys.ts'
import { jobs } from './migrations/0070-jobs.ts'
import { outbox } from './migrations/0071-outbox.ts'
import { eventKeys } from './migrations/0072-event-keys.ts'
import { accountsByCreation } from './migrations/0080-accounts-by-creation.ts'

/** Forward only, in the order of their names. One that has shipped is never changed: the next one changes what it made. */
export const migrations: { readonly [name: string]: Migration } = {
  '0001-accounts': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('accounts')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('email', 'text', (column) => column.notNull())
        .addColumn('email_key', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text')
        .addColumn('roles', 'text', (column) => column.notNull())
        .addColumn('session_limit', 'integer')
        .addColumn('disabled_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
  '0002-login-failures': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('login_failures')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('failures', 'integer', (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .execute()
      await database.schema
        .createIndex('login_failures_last_at')
        .on('login_failures')
        .column('last_at')
        .execute()
    },
  },
  '0003-revisions': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('revisions')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .execute()
    },
  },
  '0010-links': links,
  '0020-settings': settings,
  '0030-second-factors': secondFactors,
  '0031-passkeys': passkeys,
  '0040-denied-logins': deniedLogins,
  '0050-integrations': integrations,
  '0055-round-trips': roundTrips,
  '0060-api-keys': apiKeys,
  '0070-jobs': jobs,
  '0071-outbox': outbox,
  '0072-event-keys': eventKeys,
  '0080-accounts-by-creation': accountsByCreation,
}
