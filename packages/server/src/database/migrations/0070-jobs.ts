import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The leases of jobs, and how they went. */
export const jobs: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('jobs')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('held_until', 'bigint', (column) => column.notNull())
      .addColumn('fence', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('took', 'bigint')
      .addColumn('rows', 'bigint')
      .addColumn('said', 'text')
      .addColumn('error', 'text')
      .execute()
  },
}
