import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The policy as administrators set it, and every change of it. */
export const settings: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('settings')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('option', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('settings_key', ['kind', 'name', 'option'])
      .execute()
    await database.schema
      .createTable('setting_revisions')
      .addColumn('revision', 'integer', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('author', 'text')
      .addColumn('made_at', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('changes', 'text', (column) => column.notNull())
      .addColumn('undoes', 'integer')
      .execute()
    await database.schema
      .createIndex('setting_revisions_layer')
      .on('setting_revisions')
      .columns(['kind', 'name', 'revision'])
      .execute()
  },
}
