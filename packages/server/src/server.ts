import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import type { Clock, Millis, PolicyInput, Sessions, Store } from 'sojourn'
import { traced } from 'sojourn/telemetry/opentelemetry'
import { KnownDevices } from './accounts/known-devices.ts'
import { Lockout } from './accounts/lockout.ts'
import { MailLimit } from './accounts/mail-limit.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { Passwords } from './accounts/passwords.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { LiveConfig } from './config/live-config.ts'
import { reloadConfig } from './config/reload-config.ts'
import { readRevision } from './config/revision.ts'
import { watchRevision } from './config/watch-revision.ts'
import { DeniedLogins } from './denied/denied-logins.ts'
import { Factors } from './factors/factors.ts'
import { type Jobs, leaseLasts } from './jobs/jobs.ts'
import { openIntegrations, sweepIntegrations } from './integrations/open-integrations.ts'
import { KnownAccounts } from './forward/known-accounts.ts'
import { Keys } from './keys/keys.ts'
import type { LiveEvents } from './live/live-events.ts'
import { Links } from './links/links.ts'
import { openEvents } from './open-events.ts'
import { intakeJob } from './outbox/outbox-jobs.ts'
import { Outbox } from './outbox/outbox.ts'
import { Listener } from './listener.ts'
import type { Patience } from './listener/patience.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics/metrics.ts'
import { openPostOffice } from './mail/open-post-office.ts'
import type { PostOffice } from './mail/post-office.ts'
import { openAccounts, type OpenedAccounts } from './open-accounts.ts'
import { openSessions } from './open-sessions.ts'
import { openStore } from './open-store.ts'
import { openMetrics, measure } from './metrics/open-metrics.ts'
import { observeStore, type StoreWatch } from './stores/observe-store.ts'
import { registeredTracer } from './telemetry/registered-tracer.ts'
import { policyTrial } from './settings/try-policy.ts'
import { storedPolicy, underStored } from './settings/stored-policy.ts'
import { readStored } from './settings/stored-settings.ts'
import type { Env, Parts } from './parts.ts'
import { openPlaceFile, Places } from './places/places.ts'
import { systemClock } from './system-clock.ts'

/** What a server is given beside its settings. What is left out is opened as the settings say. */
export interface ServerParts {
  readonly log: Logger
  readonly store?: Store
  readonly passwords?: Passwords
  readonly clock?: Clock
  readonly patience?: Partial<Patience>
  /** How long a node that was cut off keeps a job or a delivery from the others; 30 s if left out. */
  readonly leaseLasts?: Millis
  /** How often the file of places is looked at; once a minute if left out. */
  readonly placesEvery?: Millis
  /** Reads the settings anew; without it they stay as they are. */
  readonly reread?: () => Promise<Config>
}

export interface Server {
  readonly app: Hono<Env>
  readonly sessions: Sessions<object>
  readonly accounts: Accounts
  readonly lockout: Lockout
  readonly factors: Factors
  readonly outbox: Outbox
  readonly jobs: Jobs
  readonly live: LiveEvents
  readonly keys: Keys
  /** `undefined`: nothing is measured. */
  readonly metrics: Metrics | undefined
  /** What sends letters; `undefined`: nothing does. */
  readonly mailer: PostOffice | undefined
  /** Resolves with the address once it accepts connections. */
  listen(): Promise<AddressInfo>
  /** Goes by the settings as they are written now, on this node. Never rejects: what does not read is logged, and nothing changes. */
  reload(): Promise<void>
  /** Answers what is under way, at most `deadline` milliseconds long (10 s if left out), writes what was held back, closes the stores. */
  close(deadline?: number): Promise<void>
}

/** How long after all nodes were asked to read their settings anew the last one begins to, in milliseconds. */
export const settingsWithin = 5_000

/** A server that is ready to listen. Throws `invalid_option` where the settings do not fit together. */
export async function createServer(config: Config, given: ServerParts): Promise<Server> {
  const { log, clock } = given
  const placing = { clock: clock ?? systemClock, log }
  const placeFile = await openPlaceFile(config.geo, { ...placing, every: given.placesEvery })
  const watch = { metrics: openMetrics(config, log), tracer: registeredTracer() }
  const { metrics } = watch
  const { accounts, passwords, database, close } = await openAccounts(config, given.passwords, clock)
  const deniedLogins = new DeniedLogins(database, clock ?? { now: Date.now })
  const integrating = openIntegrations(database, accounts, clock ?? { now: Date.now })
  const outbox = new Outbox({ database, clock: clock ?? systemClock, log })
  const opened = { accounts, database, deniedLogins, outbox, ...integrating, watch }
  const { sessions, store, policy } = await openTheSessions(config, given, opened).catch(
    async (error: unknown) => {
      // A pool of connections that stays open would keep the process from its end.
      await close()
      throw error
    },
  )
  const lockout = new Lockout(database, clock ?? { now: Date.now })
  const devices = new KnownDevices(config.secret)
  const links = new Links(database, config.secret, clock ?? { now: Date.now })
  const keys = new Keys(database, clock ?? { now: Date.now })
  const factors = new Factors(database, config.secret, clock ?? { now: Date.now })
  const { office: mailer, mailbox } = openPostOffice(config, log, clock ?? { now: Date.now })
  const live = new LiveConfig(config, policy, sessions)
  const places = new Places({ ...placing, file: placeFile, geo: () => live.current.geo })
  const sources = {
    configuration: given.reread ?? (() => Promise.resolve(config)),
    stored: () => readStored(database),
  }
  let reloaded: Promise<boolean> = Promise.resolve(true)
  // One after the other, so that what was read last is what holds.
  const reload = (): Promise<boolean> => (reloaded = reloaded.then(() => reloadConfig(live, sources, log)))
  const events = openEvents({
    config,
    database,
    store,
    sessions,
    accounts,
    outbox,
    clock: clock ?? systemClock,
    log,
    leaseLasts: given.leaseLasts ?? leaseLasts,
    metrics,
    sweeps: () => sweeps(),
  })
  const parts: Parts = {
    get config() {
      return live.current
    },
    sessions,
    storeName: store.name,
    accounts,
    lockout,
    devices,
    links,
    factors,
    keys,
    knownAccounts: new KnownAccounts(accounts, clock ?? { now: Date.now }, config.cache),
    mailLimit: new MailLimit(database, clock ?? { now: Date.now }),
    deniedLogins,
    ...integrating,
    outbox,
    ...events,
    mailer,
    mailbox,
    places,
    database,
    tryPolicy: policyTrial(store, config),
    reload: async () => void (await reload()),
    log,
    metrics,
  }
  const app = createApp(parts)
  const listener = new Listener(config, app, { config, log, ...watch }, given.patience)
  const scraped = measure(config, watch.metrics, {
    ...parts,
    clock: clock ?? systemClock,
    passwords,
    listener,
  })
  const sweeps = (): readonly Promise<unknown>[] => [
    lockout.sweep(),
    links.sweep(),
    factors.challenges.sweep(),
    deniedLogins.sweep(),
    keys.all.sweep(),
    sweepIntegrations(parts),
  ]
  const unwatch = watchRevision({
    read: () => readRevision(database),
    async changed() {
      if (!(await reload())) throw new Error('the settings could not be read')
    },
    failed: (error) => log.warn({ err: error }, 'the revision of the settings could not be read'),
    every: settingsWithin,
    clock: clock ?? systemClock,
  })
  const stop = async (deadline: number): Promise<void> => {
    await unwatch()
    await places.close()
    events.live.close()
    await scraped?.close()
    await listener.close(deadline)
    await events.jobs.stop()
    await outbox.settled()
    await mailer?.close()
    await sessions.close()
    await close()
  }
  let closing: Promise<void> | undefined
  return {
    app,
    sessions,
    accounts,
    lockout,
    factors,
    outbox,
    jobs: events.jobs,
    live: events.live,
    keys,
    metrics,
    mailer,
    async listen() {
      const address = await listener.listen()
      await scraped?.listen()
      places.start()
      events.jobs.start()
      events.jobs.wake(intakeJob)
      return address
    },
    reload: parts.reload,
    close: (deadline = 10_000) => (closing ??= stop(deadline)),
  }
}

async function openTheSessions(
  config: Config,
  { log, clock, ...given }: ServerParts,
  {
    accounts,
    database,
    deniedLogins,
    integrationSubjects,
    outbox,
    watch,
  }: Pick<OpenedAccounts, 'accounts' | 'database'> &
    Pick<Parts, 'deniedLogins' | 'integrationSubjects' | 'outbox'> & { readonly watch: StoreWatch },
): Promise<{ readonly sessions: Sessions<object>; readonly store: Store; readonly policy: PolicyInput }> {
  const policy = await storedPolicy(database, config.policy)
  const store =
    given.store === undefined ? await openStore(config, log, watch) : observeStore(given.store, watch)
  const { onEvent } = watch.metrics ?? {}
  try {
    const open = () =>
      openSessions(
        { ...config, policy },
        {
          store,
          accounts,
          integrationSubjects,
          log,
          clock,
          listeners: [deniedLogins.hear, outbox.hear, ...(onEvent === undefined ? [] : [onEvent])],
          // The job of that name does it, under its lease.
          sweepEvery: null,
        },
      )
    const sessions = underStored(config.policy, policy, open)
    return { sessions: watch.tracer === undefined ? sessions : traced(sessions, watch.tracer), store, policy }
  } catch (error) {
    await store.close?.()
    throw error
  }
}
