import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sign-ins that are away at another site, and the assertions that have been taken. */
export const roundTrips: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('round_trips')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('integration', 'text', (column) => column.notNull())
      .addColumn('browser', 'text', (column) => column.notNull())
      .addColumn('nonce', 'text', (column) => column.notNull())
      .addColumn('return_to', 'text')
      .addColumn('session', 'text')
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint')
      .execute()
    await database.schema
      .createIndex('round_trips_expires_at')
      .on('round_trips')
      .column('expires_at')
      .execute()
    await database.schema
      .createTable('taken_assertions')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema
      .createIndex('taken_assertions_expires_at')
      .on('taken_assertions')
      .column('expires_at')
      .execute()
  },
}
