import { minute, parseDuration, presets } from 'sojourn/core'
import type { PolicyInput } from 'sojourn'
import { type Level, levels } from '../logger.ts'
import { type MetricsPlace, readMetricsPlace } from '../metrics/metrics-place.ts'
import { readStorePlace } from '../stores/store-place.ts'
import { isCidr } from '../webhooks/private-addresses.ts'
import { refused } from './refused.ts'
import { type SiteData, siteData } from './site-data.ts'

/** One setting: the variable that overrides it, and how a value from either place is read. */
export interface Setting<Value> {
  readonly variable?: string
  /** Reads a value, or throws with its path. A variable hands in text, a file what was written there. */
  readonly read: (written: unknown, path: string) => Value
}

/** The least length of a secret: 256 bits in any usual alphabet. */
export const leastSecret = 32

export const port: Setting<number> = {
  variable: 'PORT',
  read: (written, path) => whole(written, path, 65_535, 'a port from 0 to 65535'),
}

export const host: Setting<string> = {
  variable: 'SOJOURN_HOST',
  read: (written, path) => matching(written, path, /^[\w.:-]{1,253}$/, 'a host name or address to listen on'),
}

/** The origin that people open, without a path. */
export const url: Setting<string> = {
  variable: 'SOJOURN_URL',
  read(written, path) {
    const expected = 'an origin such as https://login.example.com, without a path'
    if (typeof written !== 'string' || !URL.canParse(written)) throw refused(path, expected, written)
    const { protocol, origin, pathname, search, hash, username } = new URL(written)
    const isOrigin = pathname === '/' && search === '' && hash === '' && username === ''
    if (!isOrigin || (protocol !== 'http:' && protocol !== 'https:')) throw refused(path, expected, written)
    return origin
  },
}

export const data: Setting<string> = {
  variable: 'SOJOURN_DATA',
  read: (written, path) => matching(written, path, /^[^\0]+$/, 'a folder'),
}

/** Never shown: it may hold a password. */
export const store: Setting<string> = {
  variable: 'SOJOURN_STORE',
  read(written, path) {
    readStorePlace(written, path)
    return String(written)
  },
}

/** How late a node may learn that another one ended a session. A bound of minutes would be no bound. */
export const cache: Setting<number | null> = {
  variable: 'SOJOURN_CACHE',
  read(written, path) {
    if (written === 'off' || written === null) return null
    const millis = parseDuration(written)
    if (millis !== undefined && millis >= 20 && millis <= minute) return millis
    const expected = "off, or how late a revocation may be seen, from '20ms' to '1m', such as '2s'"
    throw refused(path, expected, written)
  },
}

export const database: Setting<string> = {
  variable: 'SOJOURN_DATABASE',
  read: (written, path) =>
    location(written, path, ['sqlite', 'postgres', 'postgresql'], 'sqlite:<file> or postgres://…'),
}

/** One secret, or the current and the previous while it is being replaced. Never shown. */
export const secret: Setting<readonly string[]> = {
  variable: 'SOJOURN_SECRET',
  read(written, path) {
    const list: unknown = typeof written === 'string' ? written.split(',') : written
    const good = (one: unknown): one is string => typeof one === 'string' && one.length >= leastSecret
    if (Array.isArray(list) && list.length >= 1 && list.length <= 2 && list.every(good)) return list
    const expected = `${leastSecret} or more characters, or such a current and a previous one with a comma between`
    throw refused(
      path,
      `${expected} (openssl rand -base64 32 makes one)`,
      'something else, which is not shown',
      'told',
    )
  },
}

export const trustProxy: Setting<number> = {
  variable: 'SOJOURN_TRUST_PROXY',
  read: (written, path) => whole(written, path, 16, 'how many proxies stand in front, 0 to 16'),
}

/** What the policy says is read where the sessions are made; a variable can name a preset. */
export const policy: Setting<PolicyInput> = {
  variable: 'SOJOURN_POLICY',
  read(written, path) {
    if (typeof written === 'object' && written !== null) return written
    if (typeof written === 'string' && Object.hasOwn(presets, written)) return written as keyof typeof presets
    throw refused(path, `one of ${Object.keys(presets).join(', ')}, or (in a file) a layer`, written)
  },
}

/** How long ago a person may have proven who they are, to end sessions of theirs. */
export const freshness: Setting<number> = {
  variable: 'SOJOURN_FRESHNESS',
  read: (written, path) => span(written, path, '12h'),
}

/** The same, to change what they sign in with, and to close their account. */
export const stepUp: Setting<number> = {
  variable: 'SOJOURN_STEP_UP',
  read: (written, path) => span(written, path, '10m'),
}

/** Where mail is handed in. Never shown: it may hold a password. */
export const smtp: Setting<string> = {
  variable: 'SOJOURN_SMTP',
  read(written, path) {
    const expected = 'the address of a mail server such as smtps://user:password@mail.example.com:465'
    const isUrl = typeof written === 'string' && URL.canParse(written)
    const { protocol, hostname } = isUrl ? new URL(written) : { protocol: '', hostname: '' }
    if (!isUrl || !/^smtps?:$/.test(protocol) || hostname === '')
      throw refused(path, expected, 'something else, which is not shown', 'told')
    return written
  },
}

export const metrics: Setting<MetricsPlace> = {
  variable: 'SOJOURN_METRICS',
  read: readMetricsPlace,
}

export const logLevel: Setting<Level | 'silent'> = {
  variable: 'SOJOURN_LOG_LEVEL',
  read(written, path) {
    const known = [...levels, 'silent' as const].find((level) => level === written)
    if (known === undefined) throw refused(path, `one of ${levels.join(', ')}, silent`, written)
    return known
  },
}

/** An address, or a name and an address in angle brackets. */
export const mailFrom: Setting<string> = {
  variable: 'SOJOURN_MAIL_FROM',
  read: (written, path) =>
    matching(
      written,
      path,
      /^(?:[^\s@<>\p{Cc}]+@[^\s@<>\p{Cc}]+|[^<>\p{Cc}]{1,100}<[^\s@<>\p{Cc}]+@[^\s@<>\p{Cc}]+>)$/u,
      'an e-mail address such as no-reply@example.com, or Example <no-reply@example.com>',
    ),
}

/** The origins of the applications that proxies guard by this server. A variable has commas between. */
export const applications: Setting<readonly string[]> = {
  variable: 'SOJOURN_APPLICATIONS',
  read(written, path) {
    const list: unknown = typeof written === 'string' ? written.split(',') : written
    const isOrigin = (one: unknown): one is string =>
      typeof one === 'string' && /^https?:/.test(one) && URL.canParse(one) && new URL(one).origin === one
    if (Array.isArray(list) && list.every(isOrigin)) return list
    throw refused(path, 'origins such as https://shop.example.com, without a path', written)
  },
}

/** Networks that webhooks may reach although they are not of the Internet. A variable has commas between. */
export const webhookNetworks: Setting<readonly string[]> = {
  variable: 'SOJOURN_WEBHOOK_NETWORKS',
  read(written, path) {
    const list: unknown = typeof written === 'string' ? written.split(',') : written
    const isNetwork = (one: unknown): one is string => typeof one === 'string' && isCidr(one)
    if (Array.isArray(list) && list.every(isNetwork)) return list
    throw refused(path, 'networks such as 10.20.0.0/16 or fd00::/8', written)
  },
}

export const signup: Setting<boolean> = {
  variable: 'SOJOURN_SIGNUP',
  read(written, path) {
    if (written === true || written === 'true') return true
    if (written === false || written === 'false') return false
    throw refused(path, 'true or false', written)
  },
}

/** A path of this very origin. */
export const loginPath: Setting<string> = {
  read: (written, path) => matching(written, path, /^\/(?![/\\])[^\p{Cc}]*$/u, "a path such as '/login'"),
}

/** A variable names them with commas between, or says `none`. */
export const clearSiteData: Setting<readonly SiteData[]> = {
  variable: 'SOJOURN_CLEAR_SITE_DATA',
  read(written, path) {
    const list: unknown = written === 'none' ? [] : typeof written === 'string' ? written.split(',') : written
    const known = (one: unknown): one is SiteData => siteData.some((kind) => kind === one)
    if (Array.isArray(list) && list.every(known)) return siteData.filter((kind) => list.includes(kind))
    throw refused(path, `some of ${siteData.join(', ')}, or none`, written)
  },
}

export const globalLogoutField: Setting<string> = {
  read: (written, path) => matching(written, path, /^[\w-]{1,64}$/, "1 to 64 letters, digits, '_' or '-'"),
}

export const sentence: Setting<string> = {
  read: (written, path) => matching(written, path, /^[^\p{Cc}]{1,200}$/u, '1 to 200 printable characters'),
}

function matching(written: unknown, path: string, pattern: RegExp, expected: string): string {
  if (typeof written !== 'string' || !pattern.test(written)) throw refused(path, expected, written)
  return written
}

function span(written: unknown, path: string, example: string): number {
  const millis = parseDuration(written)
  if (millis === undefined || millis === 0) throw refused(path, `a duration such as '${example}'`, written)
  return millis
}

function whole(written: unknown, path: string, most: number, expected: string): number {
  const value = typeof written === 'string' && /^\d{1,9}$/.test(written) ? Number(written) : written
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most)
    throw refused(path, expected, written)
  return value
}

/** Where data is kept. Only the scheme of a refused one is shown: the rest may hold a password. */
function location(written: unknown, path: string, schemes: readonly string[], available: string): string {
  const scheme = typeof written === 'string' ? /^([a-z][a-z0-9+]*):/.exec(written)?.[1] : undefined
  if (typeof written !== 'string' || scheme === undefined)
    throw refused(path, available, 'something without a scheme, which is not shown', 'told')
  if (!schemes.includes(scheme))
    throw refused(path, `${available}; others are not available yet`, `${scheme}:…`)
  if (scheme === 'sqlite' && written === 'sqlite:') throw refused(path, 'sqlite:<file>', written)
  return written
}
