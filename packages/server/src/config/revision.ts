import type { Database } from '../database/open-database.ts'

const name = 'settings'

/** How often the settings were to be read anew by all servers of this database. */
export async function readRevision(database: Database): Promise<number> {
  const row = await database
    .selectFrom('revisions')
    .select('revision')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.revision ?? 0
}

/** Asks all servers of this database to read their settings anew. Of many who ask at once each gets a number of its own. */
export async function raiseRevision(database: Database): Promise<number> {
  const { revision } = await database
    .insertInto('revisions')
    .values({ name, revision: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({ revision: row('revisions.revision', '+', 1) })),
    )
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}
