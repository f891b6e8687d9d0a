import type { Millis } from 'sojourn'
import { type Duration, parseDuration, second } from 'sojourn/core'
import type { Setting } from '../config/options.ts'
import { refused } from '../config/refused.ts'

/** What a look-up answers: a country by its two letters, and perhaps a city; `null`: it does not know. */
export type FoundPlace = { readonly country?: string | null; readonly city?: string | null } | null

/** Asks for the place of an address. `signal` aborts when the answer would come too late. */
export type FindPlace = (address: string, signal: AbortSignal) => FoundPlace | Promise<FoundPlace>

export interface PlaceLookup {
  readonly find: FindPlace
  /** How long a page waits for it, `1s` if left out, at most `10s`. What came later is unknown on that page. */
  readonly timeout?: Duration
  /** Whose data it is, shown where places are. */
  readonly source?: string
}

/** Where places are known from. */
export type Geo =
  | { readonly kind: 'file'; readonly path: string }
  /** A header that the outermost trusted proxy sets. */
  | { readonly kind: 'header'; readonly name: string }
  | {
      readonly kind: 'lookup'
      readonly find: FindPlace
      readonly timeout: Millis
      readonly source: string | undefined
    }

const expected = 'the path of an .mmdb file, or header:<Name> of a header that your proxy sets'

export const geo: Setting<Geo> = {
  variable: 'SOJOURN_GEO',
  read(written, path) {
    if (typeof written === 'object' && written !== null) return lookup({ ...written }, path)
    if (typeof written !== 'string' || /^\s*$|\0/.test(written)) throw refused(path, expected, written)
    if (!written.startsWith('header:')) return { kind: 'file', path: written }
    const name = written.slice('header:'.length)
    if (!/^[A-Za-z][\w-]{0,63}$/.test(name)) throw refused(path, expected, written)
    return { kind: 'header', name: name.toLowerCase() }
  },
}

function lookup(written: { readonly [key: string]: unknown }, path: string): Geo {
  const { find, timeout = second, source, ...more } = written
  const [unknown] = Object.keys(more)
  if (unknown !== undefined) throw refused(`${path}.${unknown}`, 'one of find, timeout, source', unknown)
  if (typeof find !== 'function') throw refused(`${path}.find`, 'a function of an address', find)
  const millis = parseDuration(timeout)
  if (millis === undefined || millis === 0 || millis > 10 * second)
    throw refused(`${path}.timeout`, "a duration up to '10s'", timeout)
  if (source !== undefined && (typeof source !== 'string' || !/^[^\p{Cc}]{1,200}$/u.test(source)))
    throw refused(`${path}.source`, '1 to 200 printable characters', source)
  return { kind: 'lookup', find: find as FindPlace, timeout: millis, source }
}
