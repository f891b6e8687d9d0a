import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a person proves and changes by mail: one-time links, and of an account its phone number and what was proven. */
export const links: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('links')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('account', 'text')
      .addColumn('email_key', 'text', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint')
      .execute()
    await database.schema.createIndex('links_account').on('links').column('account').execute()
    await database.schema.createIndex('links_expires_at').on('links').column('expires_at').execute()
    await database.schema.alterTable('accounts').addColumn('phone', 'text').execute()
    await database.schema.alterTable('accounts').addColumn('email_verified_at', 'bigint').execute()
    await database.schema
      .alterTable('accounts')
      .addColumn('credential_revision', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
