import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  type Accounts,
  type Config,
  IntegrationSubjects,
  jsonLines,
  Links,
  type Logger,
  openAccounts,
  type OpenedAccounts,
  openSessions,
  openPlaceFile,
  openStore,
  Places,
  readConfig,
  storedPolicy,
  systemClock,
} from '@sojourn/server'
import type { Sessions } from 'sojourn'
import type { Terminal } from './terminal.ts'
import { Failure } from './failure.ts'

export interface Opened {
  readonly accounts: Accounts
  readonly sessions: Sessions<object>
  readonly links: Links
  readonly log: Logger
  /** Where addresses are. A file that does not read makes them unknown. */
  readonly places: Places
  readonly config: Config
}

/** The settings of this folder for a command that makes and checks no token: any secret will do, and none is kept. */
export function configOf({ env, folder }: Terminal): Promise<Config> {
  return readConfig({ ...env, SOJOURN_SECRET: randomBytes(32).toString('base64url') }, folder, 'demo')
}

/** Does some work on the accounts, and closes them. */
export async function withAccounts<T>(
  terminal: Terminal,
  work: (accounts: Accounts) => Promise<T>,
): Promise<T> {
  const { accounts, close } = await openAccounts(await configOf(terminal))
  try {
    return await work(accounts)
  } finally {
    await close()
  }
}

/** Does some work on the sessions of a server, which may run meanwhile, and closes them. */
export async function withSessions<T>(terminal: Terminal, work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = await configOf(terminal)
  refuseAbsent(config)
  const { accounts, database, close } = await openAccounts(config)
  try {
    const policy = await storedPolicy(database, config.policy)
    const log = jsonLines({ write: terminal.tell, level: 'warn', now: Date.now })
    const store = await openStore({ ...config, cache: null })
    const integrationSubjects = new IntegrationSubjects(database, accounts, { now: Date.now })
    const parts = { store, accounts, integrationSubjects, log }
    const sessions = openSessions({ ...config, policy }, parts)
    try {
      const links = new Links(database, config.secret, { now: Date.now })
      const places = await placesOf(config, log)
      return await work({ accounts, sessions, links, log, places, config })
    } finally {
      await sessions.close()
    }
  } finally {
    await close()
  }
}

async function placesOf({ geo }: Config, log: Logger): Promise<Places> {
  const clock = systemClock
  const file = await openPlaceFile(geo, { clock, log }).catch((error: unknown) => {
    log.warn({ err: error }, 'places are unknown')
    return undefined
  })
  return new Places({ geo: () => geo, file, clock, log })
}

/** Does some work on the database of a server, which may run meanwhile, and closes it. */
export async function withDatabase<T>(
  config: Config,
  work: (database: OpenedAccounts['database']) => Promise<T>,
): Promise<T> {
  const file = fileOf(config.database)
  if (file !== undefined && !existsSync(file))
    throw new Failure(
      'no_database',
      `there is no server's database at ${file}: go to the folder of the server, or set SOJOURN_DATA or SOJOURN_DATABASE`,
    )
  const { database, close } = await openAccounts(config)
  try {
    return await work(database)
  } finally {
    await close()
  }
}

function fileOf(location: string): string | undefined {
  return location.startsWith('sqlite:') ? location.slice('sqlite:'.length) : undefined
}

/** An empty store that is made on the way would look like one in which nobody is signed in. */
function refuseAbsent({ store }: Config): void {
  if (store.startsWith('memory:'))
    throw new Failure(
      'store_in_memory',
      'the sessions are in the memory of the server: only its API reaches them',
    )
  const file = fileOf(store) ?? (store.startsWith('file:') ? store.slice('file:'.length) : undefined)
  if (file !== undefined && !existsSync(file))
    throw new Failure(
      'no_store',
      `there are no sessions at ${file}: go to the folder of the server, or set SOJOURN_DATA or SOJOURN_STORE`,
    )
}
