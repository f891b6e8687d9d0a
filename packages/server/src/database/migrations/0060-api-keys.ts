import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What other back ends show themselves by. `previous_hash` opens until `previous_until`, while a key is being replaced. */
export const apiKeys: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scopes', 'text', (column) => column.notNull())
      .addColumn('rate', 'integer', (column) => column.notNull())
      .addColumn('secret_hash', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text')
      .addColumn('rotated_at', 'bigint')
      .addColumn('expires_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .addColumn('last_used_at', 'bigint')
      .execute()
    await database.schema.createIndex('api_keys_revoked_at').on('api_keys').column('revoked_at').execute()
  },
}
