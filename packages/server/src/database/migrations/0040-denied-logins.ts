import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sign-ins that a limit refused after the credentials were right. They go with their account. */
export const deniedLogins: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('denied_logins')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('account', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .execute()
    await database.schema
      .createIndex('denied_logins_account')
      .on('denied_logins')
      .columns(['account', 'at'])
      .execute()
    await database.schema.createIndex('denied_logins_at').on('denied_logins').column('at').execute()
  },
}
