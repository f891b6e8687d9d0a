import { ApiKeys, jsonLines, type KeyGround } from '@sojourn/server'
import { configOf, withDatabase } from './opened.ts'
import type { Terminal } from './terminal.ts'

/** Does some work on the API keys of a server, which may run meanwhile, as whoever holds the command line. */
export async function withKeys<T>(terminal: Terminal, work: (ground: KeyGround) => Promise<T>): Promise<T> {
  const log = jsonLines({ write: terminal.tell, level: 'warn', now: Date.now })
  return withDatabase(await configOf(terminal), async (database) =>
    work({ keys: new ApiKeys(database, { now: Date.now }), log, by: null }),
  )
}
