import { isIP } from 'node:net'
import { refused } from '../config/refused.ts'

/**
 * Where metrics are read. `key`: at `/metrics` beside everything else, with an API key of the scope `metrics`. An address:
 * there, by whoever can reach it, and so of this machine alone.
 */
export type MetricsPlace = 'off' | 'key' | { readonly host: string; readonly port: number }

const expected =
  "off, key (at /metrics, with an API key of the scope 'metrics'), or a port of this machine such as 9464 or 127.0.0.1:9464"

export function readMetricsPlace(written: unknown, path: string): MetricsPlace {
  if (written === 'off' || written === 'key') return written
  const text = typeof written === 'number' ? String(written) : written
  const [, host = '127.0.0.1', digits = ''] =
    /^(?:(.+):)?(\d{1,5})$/.exec(typeof text === 'string' ? text : '') ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535) throw refused(path, expected, written)
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (!isOfThisMachine(bare))
    throw refused(path, `${expected}: whoever reaches another address would read them without a key`, written)
  return { host: bare, port }
}

/** An address, or the one name, that no other machine reaches. */
export function isOfThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
