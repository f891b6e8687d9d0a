import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

type Database = Kysely<Tables>

interface Shared {
  readonly database: Promise<Database>
  users: number
}

const open = new Map<string, Shared>()

/**
 * One connection for all of this process to one file. A second one would wait for the first in a way that keeps the process
 * from everything, the end of what it waits for included, until SQLite gives up: "database is locked". With one, whoever
 * comes later waits for the transaction that is under way. It closes with its last user.
 */
export async function sharedSqlite(file: string, make: () => Promise<Database>): Promise<Database> {
  const shared = open.get(file) ?? { database: make(), users: 0 }
  open.set(file, shared)
  shared.users += 1
  const release = async (): Promise<void> => {
    shared.users -= 1
    if (shared.users > 0) return
    if (open.get(file) === shared) open.delete(file)
    await (await shared.database).destroy()
  }
  try {
    return handleOf(await shared.database, release)
  } catch (error) {
    if (open.get(file) === shared) open.delete(file)
    throw error
  }
}

/** The same database, of which `destroy` gives back one use of it, once. */
function handleOf(database: Database, release: () => Promise<void>): Database {
  let released: Promise<void> | undefined
  const destroy = (): Promise<void> => (released ??= release())
  return Object.defineProperty(database.withoutPlugins(), 'destroy', { value: destroy })
}
