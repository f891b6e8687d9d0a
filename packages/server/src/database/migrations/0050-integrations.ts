import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Who may vouch for people, the accounts that they opened, and the sessions that they began. The last two outlive their
 * integration: its sessions are ended, and the accounts of its visits removed, after it is gone.
 */
export const integrations: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('integrations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('settings', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema.createIndex('integrations_kind').on('integrations').column('kind').execute()
    await database.schema
      .createTable('integration_subjects')
      .addColumn('integration_id', 'text', (column) => column.notNull())
      .addColumn('external_id', 'text', (column) => column.notNull())
      .addColumn('account_id', 'text', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('created', 'integer', (column) => column.notNull())
      .addColumn('visit', 'integer', (column) => column.notNull())
      .addColumn('linked_at', 'bigint', (column) => column.notNull())
      .addColumn('checked_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('integration_subjects_key', ['integration_id', 'external_id'])
      .execute()
    await database.schema
      .createIndex('integration_subjects_account')
      .on('integration_subjects')
      .column('account_id')
      .execute()
    await database.schema
      .createIndex('integration_subjects_visit')
      .on('integration_subjects')
      .columns(['visit', 'checked_at'])
      .execute()
    await database.schema
      .createTable('integration_sessions')
      .addColumn('session_id', 'text', (column) => column.primaryKey())
      .addColumn('integration_id', 'text', (column) => column.notNull())
      .addColumn('checked_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema
      .createIndex('integration_sessions_integration')
      .on('integration_sessions')
      .columns(['integration_id', 'session_id'])
      .execute()
    await database.schema
      .createIndex('integration_sessions_checked_at')
      .on('integration_sessions')
      .column('checked_at')
      .execute()
  },
}
