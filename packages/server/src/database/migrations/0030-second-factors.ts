import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Authenticator apps and recovery codes. Both go with their account. */
export const secondFactors: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('totp')
      .addColumn('account', 'text', (column) =>
        column.primaryKey().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addColumn('last_step', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint')
      .execute()
    await database.schema
      .createTable('recovery_codes')
      .addColumn('account', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint')
      .addPrimaryKeyConstraint('recovery_codes_pk', ['account', 'hash'])
      .execute()
  },
}
