import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Passkeys, and the challenges that were answered with them. */
export const passkeys: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('passkeys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('public_key', 'text', (column) => column.notNull())
      .addColumn('counter', 'bigint', (column) => column.notNull())
      .addColumn('transports', 'text', (column) => column.notNull())
      .addColumn('is_synced', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint')
      .execute()
    await database.schema.createIndex('passkeys_account').on('passkeys').column('account').execute()
    await database.schema
      .createTable('spent_challenges')
      .addColumn('nonce', 'text', (column) => column.primaryKey())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema
      .createIndex('spent_challenges_expires_at')
      .on('spent_challenges')
      .column('expires_at')
      .execute()
  },
}
