import type { Transaction } from 'kysely'
import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/tables.ts'

/**
 * Does what takes an account out of the Super Admins who may sign in, unless it is the last of them: then nobody could
 * administer any more, and false is the answer. Holds for two that leave at the same moment, on any node: the first thing
 * that each does is write all their rows, so that one waits for the other and then sees who is left.
 */
export function unlessLastSuperAdmin(
  database: Database,
  id: string,
  leave: (transaction: Transaction<Tables>) => Promise<unknown>,
): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const there = await transaction
      .updateTable('accounts')
      .set(({ ref }) => ({ roles: ref('roles') }))
      .where('roles', 'like', '%"super-admin"%')
      .where('disabled_at', 'is', null)
      .returning('id')
      .execute()
    if (there.length === 1 && there[0]?.id === id) return false
    await leave(transaction)
    return true
  })
}
