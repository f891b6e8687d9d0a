import type { Duration } from '../core/duration.ts'
import { parseDuration } from '../core/duration.ts'
import { invalidOption } from '../core/errors.ts'
import type { Instant, Millis } from '../core/session.ts'

export interface SojournClientOptions {
  /** The server's origin: `https://login.example.com`, or where it is reached inside. */
  readonly url: string
  /** An API key with the scope `introspect`; only `introspect` needs one. */
  readonly key?: string
  /** How long a whole answer may take, the second try included; `2s` if left out. */
  readonly timeout?: Duration
  /**
   * How long `introspect` may answer "active" from memory: an ended session is active for no longer than this after its end.
   * `20ms` to `1m`; off if left out. What is not active is never kept.
   */
  readonly cache?: Duration
  readonly fetch?: typeof globalThis.fetch
  readonly now?: () => Instant
}

export interface ClientSettings {
  readonly url: string
  readonly key: string | undefined
  readonly timeout: Millis
  readonly cache: Millis | null
  readonly fetch: typeof globalThis.fetch
  readonly now: () => Instant
}

const known = new Set(['url', 'key', 'timeout', 'cache', 'fetch', 'now'])

/** Refused at construction: what does not read, and what nobody would read. The key is not shown. */
export function readOptions(options: SojournClientOptions): ClientSettings {
  const strange = Object.keys(options).find((name) => !known.has(name))
  if (strange !== undefined) throw invalidOption(strange, `one of ${[...known].join(', ')}`, strange)
  const { url, key, timeout = '2s', cache, fetch = globalThis.fetch, now = Date.now } = options
  const isUrl = typeof url === 'string' && URL.canParse(url) && /^https?:\/\/[^/]+\/?$/.test(url)
  if (!isUrl) throw invalidOption('url', 'an origin such as https://login.example.com', url)
  if (key !== undefined && !/^sjk_[0-9a-f]{16}_[0-9a-f]{64}$/.test(key))
    throw invalidOption('key', "an API key such as 'sojourn keys create' prints", undefined)
  const longest = parseDuration(timeout)
  if (longest === undefined || longest === 0)
    throw invalidOption('timeout', "a duration such as '2s'", timeout)
  const kept = cache === undefined ? null : parseDuration(cache)
  if (kept === undefined || (kept !== null && (kept < 20 || kept > 60_000)))
    throw invalidOption('cache', "from '20ms' to '1m'", cache)
  return { url: new URL(url).origin, key, timeout: longest, cache: kept, fetch, now }
}
