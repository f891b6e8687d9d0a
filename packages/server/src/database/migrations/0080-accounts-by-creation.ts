import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The order of the administrators' list of accounts, so that each of its pages costs the same. */
export const accountsByCreation: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createIndex('accounts_by_creation')
      .on('accounts')
      .columns(['created_at', 'id'])
      .execute()
  },
}
