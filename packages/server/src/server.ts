import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import type { Clock, Sessions, Store } from 'sojourn'
import { KnownDevices } from './accounts/known-devices.ts'
import { Lockout } from './accounts/lockout.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { Passwords } from './accounts/passwords.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { Listener, type Patience } from './listener.ts'
import type { Logger } from './logger.ts'
import { openAccounts } from './open-accounts.ts'
import { openSessions } from './open-sessions.ts'
import { openStore } from './open-store.ts'
import type { Env, Parts } from './parts.ts'

/** What a server is given beside its settings. What is left out is opened as the settings say. */
export interface ServerParts {
  readonly log: Logger
  readonly store?: Store
  readonly passwords?: Passwords
  readonly clock?: Clock
  readonly patience?: Patience
}

export interface Server {
  readonly app: Hono<Env>
  readonly sessions: Sessions<object>
  readonly accounts: Accounts
  readonly lockout: Lockout
  /** Resolves with the address once it accepts connections. */
  listen(): Promise<AddressInfo>
  /** Answers what is under way, at most `deadline` milliseconds long (10 s if left out), writes what was held back, closes the stores. */
  close(deadline?: number): Promise<void>
}

/** How often the counters of failed sign-ins are cleared of old ones, in milliseconds. */
const sweepEvery = 10 * 60_000

/** A server that is ready to listen. Throws `invalid_option` where the settings do not fit together. */
export async function createServer(config: Config, given: ServerParts): Promise<Server> {
  const { log, clock } = given
  const { accounts, database, close } = await openAccounts(config, given.passwords, clock)
  const sessions = await openTheSessions(config, given, accounts).catch(async (error: unknown) => {
    // A pool of connections that stays open would keep the process from its end.
    await close()
    throw error
  })
  const lockout = new Lockout(database, clock ?? { now: Date.now })
  const devices = new KnownDevices(config.secret)
  const parts: Parts = { config, sessions, accounts, lockout, devices, database, log }
  const app = createApp(parts)
  const listener = new Listener(config, app, log, given.patience)
  const timer = setInterval(() => {
    lockout.sweep().catch((error: unknown) => log.error({ err: error }, 'old counters could not be removed'))
  }, sweepEvery).unref()
  const stop = async (deadline: number): Promise<void> => {
    clearInterval(timer)
    await listener.close(deadline)
    await sessions.close()
    await close()
  }
  let closing: Promise<void> | undefined
  return {
    app,
    sessions,
    accounts,
    lockout,
    listen: () => listener.listen(),
    close: (deadline = 10_000) => (closing ??= stop(deadline)),
  }
}

async function openTheSessions(
  config: Config,
  { log, clock, ...given }: ServerParts,
  accounts: Accounts,
): Promise<Sessions<object>> {
  const store = given.store ?? (await openStore(config))
  try {
    return openSessions(config, { store, accounts, log, clock })
  } catch (error) {
    await store.close?.()
    throw error
  }
}
