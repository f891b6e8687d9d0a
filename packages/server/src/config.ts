import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Millis, PolicyInput } from 'sojourn'
import { type Duration, hour, minute } from 'sojourn/core'
import { configFileName, readConfigFile } from './config/config-file.ts'
import { opened } from './config/opened.ts'
import * as settings from './config/options.ts'
import { refused } from './config/refused.ts'
import { type SiteData, siteData } from './config/site-data.ts'
import { unknownVariables } from './config/unknown-variables.ts'
import { weaknessOf } from './config/weak-secret.ts'
import { keptSecret } from './kept-secret.ts'
import type { Level } from './logger.ts'
import type { MetricsPlace } from './metrics/metrics-place.ts'
import { type Geo, geo, type PlaceLookup } from './places/geo.ts'

/** What `sojourn.config.ts` may say. The environment overrides it. */
export interface ServerOptions {
  /** Where to listen; 4000 if left out. `PORT`. */
  readonly port?: number
  /** The address to listen on: every one in production, `localhost` in a demo. `SOJOURN_HOST`. */
  readonly host?: string
  /** The origin that people open. `SOJOURN_URL`. */
  readonly url?: string
  /** The folder of the embedded stores; `./data` if left out. `SOJOURN_DATA`. */
  readonly data?: string
  /**
   * Where sessions are kept: `sqlite:`, `file:`, `memory:`, `postgres://`, `mysql://`, `redis://`, `redis+cluster://` or
   * `memcached://`; `sqlite:<data>/sessions.db` if left out. `SOJOURN_STORE`.
   */
  readonly store?: string
  /**
   * Answers from memory while no later than this after a session ended on another node, `20ms` to `1m`: the bound of every
   * revocation. `off` if left out: the store is asked for each request. `SOJOURN_CACHE`.
   */
  readonly cache?: Duration | 'off'
  /** Where the server's own tables are kept; `sqlite:<data>/server.db` if left out. `SOJOURN_DATABASE`. */
  readonly database?: string
  /** The install's secret, at least 32 characters; `[current, previous]` while it is being replaced. `SOJOURN_SECRET`. */
  readonly secret?: string | readonly [current: string, previous: string]
  /** How many proxies stand in front; 0 if left out. `SOJOURN_TRUST_PROXY`. */
  readonly trustProxy?: number
  /** The origins of applications on other hosts to which a sign-in may lead back; none if left out. `SOJOURN_APPLICATIONS`. */
  readonly applications?: readonly string[]
  /** The policy of all sessions; `stay-logged-in` if left out. `SOJOURN_POLICY` names a preset. */
  readonly policy?: PolicyInput
  /** How old an authentication may be to end sessions by it; `12h` if left out. `SOJOURN_FRESHNESS`. */
  readonly freshness?: Duration
  /** How old an authentication may be to change a credential by it; `10m` if left out. `SOJOURN_STEP_UP`. */
  readonly stepUp?: Duration
  /** The mail server, `smtp://` or `smtps://` with user and password; without it no mail is sent. `SOJOURN_SMTP`. */
  readonly smtp?: string
  /** Whom letters are from; `no-reply@` and the host of `url` if left out. `SOJOURN_MAIL_FROM`. */
  readonly mailFrom?: string
  /**
   * Networks that webhooks may reach although they are not of the Internet, such as `10.20.0.0/16`; none if left out, and
   * this machine in a demo. `SOJOURN_WEBHOOK_NETWORKS`.
   */
  readonly webhookNetworks?: readonly string[]
  /**
   * Where the country of an address is known from: the path of an `.mmdb` file, `header:<Name>` of a header that your proxy
   * sets, or a look-up of your own; from nowhere if left out. `SOJOURN_GEO`.
   */
  readonly geo?: string | PlaceLookup
  /**
   * Where metrics are read, in Prometheus's format: a port of this machine such as `9464`, or `key`: at `/metrics`, with an API
   * key of the scope `metrics`; `off` if left out. `SOJOURN_METRICS`.
   */
  readonly metrics?: string | number
  /** `debug`, `info`, `warn`, `error` or `silent`; `info` if left out, `warn` in a demo. `SOJOURN_LOG_LEVEL`. */
  readonly logLevel?: Level | 'silent'
  /** Whether people may make accounts themselves; true if left out. `SOJOURN_SIGNUP`. */
  readonly signup?: boolean
  /** The field of the sign-out form that ends all sessions; `global_logout` if left out. */
  readonly globalLogoutField?: string
  /** What its checkbox says; `Logout all Logged In Sessions?` if left out. */
  readonly globalLogoutLabel?: string
  /** What somebody is told whose session is gone without a better reason; `This session has been logged out` if left out. */
  readonly inactiveSentence?: string
  /** Where a page sends whoever is not signed in; `/login` if left out. */
  readonly loginPath?: string
  /**
   * What a browser is told to forget at a sign-out; `cache`, `cookies` and `storage` if left out. Cookies are those of the
   * whole registrable domain: leave them out where other applications share it, as a demo does on localhost.
   * `SOJOURN_CLEAR_SITE_DATA`.
   */
  readonly clearSiteData?: readonly SiteData[]
}

/** `serve` is production: it starts only with a secret and over HTTPS. `demo` makes up what is missing. */
export type Mode = 'demo' | 'serve'

/** Every setting with its value. */
export interface Config {
  readonly mode: Mode
  readonly port: number
  readonly host: string | undefined
  readonly url: string
  readonly data: string
  /** Never shown: it may hold a password. */
  readonly store: string
  /** The bound of the cache in milliseconds; `null`: there is none. */
  readonly cache: Millis | null
  readonly database: string
  /** The current, then the previous. Never shown. */
  readonly secret: readonly string[]
  readonly trustProxy: number
  readonly applications: readonly string[]
  readonly policy: PolicyInput
  readonly freshness: Millis
  readonly stepUp: Millis
  /** Never shown: it may hold a password. */
  readonly smtp: string | undefined
  readonly mailFrom: string
  readonly webhookNetworks: readonly string[]
  /** `undefined`: places are unknown, but for local ones. */
  readonly geo: Geo | undefined
  readonly metrics: MetricsPlace
  readonly logLevel: Level | 'silent'
  readonly signup: boolean
  readonly globalLogoutField: string
  readonly globalLogoutLabel: string
  readonly inactiveSentence: string
  readonly loginPath: string
  readonly clearSiteData: readonly SiteData[]
  /** Variables of the environment that look like settings and are none. */
  readonly unknownVariables: readonly string[]
}

/** Types the object that `sojourn.config.ts` exports by default. */
export function defineConfig(options: ServerOptions): ServerOptions {
  return options
}

type Environment = { readonly [name: string]: string | undefined }
type Readers = { readonly [Key in keyof ServerOptions]-?: settings.Setting<unknown> }

const table = {
  port: settings.port,
  host: settings.host,
  url: settings.url,
  data: settings.data,
  store: settings.store,
  cache: settings.cache,
  database: settings.database,
  secret: settings.secret,
  trustProxy: settings.trustProxy,
  applications: settings.applications,
  policy: settings.policy,
  freshness: settings.freshness,
  stepUp: settings.stepUp,
  smtp: settings.smtp,
  mailFrom: settings.mailFrom,
  webhookNetworks: settings.webhookNetworks,
  geo,
  metrics: settings.metrics,
  logLevel: settings.logLevel,
  signup: settings.signup,
  globalLogoutField: settings.globalLogoutField,
  globalLogoutLabel: settings.sentence,
  inactiveSentence: settings.sentence,
  loginPath: settings.loginPath,
  clearSiteData: settings.clearSiteData,
} satisfies Readers
type Table = typeof table

/** The variables of the environment that override settings, in the order of the settings. */
export const variables: readonly string[] = Object.values<settings.Setting<unknown>>(table).flatMap(
  ({ variable }) => variable ?? [],
)

type Values = { readonly [Key in keyof Table]?: ReturnType<Table[Key]['read']> }

/**
 * The settings of a server that starts in `folder`: `sojourn.config.ts`, overridden by the environment. Throws
 * `invalid_option`, with where the value stands, what was expected and what came.
 */
export async function readConfig(env: Environment, folder: string, mode: Mode): Promise<Config> {
  const written = readSettings(await readConfigFile(folder), env)
  const data = resolve(folder, written.data ?? 'data')
  const port = written.port ?? 4000
  const url = written.url ?? `http://localhost:${port}`
  const config = {
    mode,
    port,
    host: written.host ?? (mode === 'demo' ? 'localhost' : undefined),
    url,
    data,
    store: located(written.store, folder) ?? `sqlite:${resolve(data, 'sessions.db')}`,
    cache: written.cache ?? null,
    database: located(written.database, folder) ?? `sqlite:${resolve(data, 'server.db')}`,
    trustProxy: written.trustProxy ?? 0,
    applications: written.applications ?? [],
    policy: written.policy ?? 'stay-logged-in',
    freshness: written.freshness ?? 12 * hour,
    stepUp: written.stepUp ?? 10 * minute,
    smtp: written.smtp,
    mailFrom: written.mailFrom ?? `no-reply@${new URL(url).hostname}`,
    webhookNetworks: written.webhookNetworks ?? (mode === 'demo' ? ['127.0.0.0/8', '::1/128'] : []),
    geo:
      written.geo?.kind === 'file'
        ? { ...written.geo, path: resolve(folder, written.geo.path) }
        : written.geo,
    metrics: written.metrics ?? ('off' as const),
    logLevel: written.logLevel ?? (mode === 'demo' ? ('warn' as const) : ('info' as const)),
    signup: written.signup ?? true,
    globalLogoutField: written.globalLogoutField ?? 'global_logout',
    globalLogoutLabel: written.globalLogoutLabel ?? 'Logout all Logged In Sessions?',
    inactiveSentence: written.inactiveSentence ?? 'This session has been logged out',
    loginPath: written.loginPath ?? '/login',
    clearSiteData: written.clearSiteData ?? (mode === 'demo' ? ['cache', 'storage'] : siteData),
    unknownVariables: unknownVariables(env, variables),
  }
  if (mode === 'serve') refuseUnsafe(config.url, written)
  if (config.geo?.kind === 'header' && config.trustProxy === 0)
    throw refused(
      'SOJOURN_GEO',
      'a header with SOJOURN_TRUST_PROXY, since anybody may send one',
      'one without it',
      'told',
    )
  return { ...config, secret: written.secret ?? [await demoSecret(data)] }
}

/** The secrets that are set, and no others; `undefined`: none is. */
export async function readSecrets(env: Environment, folder: string): Promise<readonly string[] | undefined> {
  return readSettings(await readConfigFile(folder), env).secret
}

function demoSecret(data: string): Promise<string> {
  return opened('SOJOURN_DATA', 'a folder that can be written', () => keptSecret(data, () => randomBytes(32)))
}

function readSettings(file: { readonly [key: string]: unknown }, env: Environment): Values {
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(file)) {
    const path = `${configFileName}: ${key}`
    if (!Object.hasOwn(table, key)) throw refused(path, `one of ${Object.keys(table).join(', ')}`, key)
    if (value !== undefined) values[key] = table[key as keyof Table].read(value, path)
  }
  for (const [key, { variable, read }] of Object.entries(table) as [string, settings.Setting<unknown>][]) {
    const value = variable === undefined ? undefined : env[variable]
    if (variable !== undefined && value !== undefined && value !== '') values[key] = read(value, variable)
  }
  return values
}

/** The ways in which a production start would give people's sessions away. */
function refuseUnsafe(url: string, { secret }: Values): void {
  if (secret === undefined)
    throw refused(
      'SOJOURN_SECRET',
      `${settings.leastSecret} or more random characters, the same at every start (openssl rand -base64 32 makes one)`,
      undefined,
    )
  for (const one of secret) {
    const weakness = weaknessOf(one)
    if (weakness !== undefined)
      throw refused(
        'SOJOURN_SECRET',
        'random characters (openssl rand -base64 32 makes them)',
        weakness,
        'told',
      )
  }
  const { protocol, hostname } = new URL(url)
  const isLocal =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  if (protocol === 'http:' && !isLocal)
    throw refused(
      'SOJOURN_URL',
      'an https origin, since session cookies are for HTTPS alone; put a proxy that ends TLS in front, set SOJOURN_TRUST_PROXY=1 and name its https origin here',
      url,
    )
}

/** A file of SQLite, or a folder, stands relative to the folder of the start. */
function located(written: string | undefined, folder: string): string | undefined {
  const [, scheme, path = ''] = /^(sqlite|file):(.*)$/s.exec(written ?? '') ?? []
  return scheme === undefined || path === ':memory:' ? written : `${scheme}:${resolve(folder, path)}`
}
