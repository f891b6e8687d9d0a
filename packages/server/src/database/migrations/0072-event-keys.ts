import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The keys that sign security event tokens. */
export const eventKeys: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('event_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('public', 'text', (column) => column.notNull())
      .addColumn('private', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('retired_at', 'bigint')
      .execute()
  },
}
