import { BlockList, isIP } from 'node:net'
import { endReasons } from 'sojourn'
import { parseDuration } from 'sojourn/core'
import { countryOf } from '../places/place.ts'
import {
  deviceTypes,
  type FilterMoment,
  filterStates,
  type FilterTerm,
  type TextField,
} from './filter-term.ts'

export type ReadValue<T> = { readonly read: T } | { readonly expected: string }

const textFields: readonly TextField[] = [
  'id',
  'app',
  'method',
  'role',
  'policy',
  'family',
  'parent',
  'actor',
  'device.os',
  'device.browser',
]

/** The fields that are followed by `:` and a value. */
export const valueFields = [
  'state',
  'user',
  'ip',
  'country',
  'reason',
  'device.type',
  'as_of',
  ...textFields,
] as const
export type ValueField = (typeof valueFields)[number]

/** Reads the value of a field; a word that means something, such as `guest`, is a plain text in quotes. */
export function readValue(field: string, value: string, isQuoted: boolean): ReadValue<FilterTerm> {
  switch (field) {
    case 'state':
      return oneOf(filterStates, value, (read) => ({ field, value: read }))
    case 'reason':
      return oneOf(endReasons, value, (read) => ({ field, value: read }))
    case 'device.type':
      return oneOf(deviceTypes, value, (read) => ({ field, value: read }))
    case 'user':
      if (value === 'guest' && !isQuoted) return { read: { field, value: null } }
      return isText(value) ? { read: { field, value } } : { expected: "an id, an e-mail address or 'guest'" }
    case 'ip': {
      const range = readRange(value)
      return range === undefined ? { expected: expectedAddress } : { read: { field, value, range } }
    }
    case 'country': {
      const country = value === 'local' || value === 'unknown' ? value : countryOf(value)
      return country === null ? { expected: expectedCountry } : { read: { field, value: country } }
    }
    case 'as_of': {
      const at = readIsoMoment(value)
      return at === undefined ? { expected: expectedIso } : { read: { field, value: at } }
    }
    default: {
      const known = textFields.find((one) => one === field)
      if (known === undefined || !isText(value)) return { expected: 'a text of 1 to 256 characters' }
      return { read: { field: known, value } }
    }
  }
}

/** `now`, `now-30m`, or a moment as ISO 8601 writes it. */
export function readMoment(value: string): ReadValue<FilterMoment> {
  if (value === 'now') return { read: { before: 0 } }
  if (value.startsWith('now-')) {
    const before = parseDuration(value.slice(4))
    return before === undefined ? { expected: expectedMoment } : { read: { before } }
  }
  const at = readIsoMoment(value)
  return at === undefined ? { expected: expectedMoment } : { read: { at } }
}

const expectedCountry = "two letters of a country such as DE, 'local' or 'unknown'"
const expectedIso = 'a moment with its zone, such as 2026-11-21T14:05Z'
const expectedMoment = `now, now-30m (s, m, h, d), or ${expectedIso}`
const expectedAddress = 'an address or a network, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32'

function oneOf<T extends string>(
  words: readonly T[],
  value: string,
  term: (read: T) => FilterTerm,
): ReadValue<FilterTerm> {
  const word = words.find((one) => one === value)
  return word === undefined ? { expected: `one of ${words.join(', ')}` } : { read: term(word) }
}

function isText(value: string): boolean {
  return /^[^\p{Cc}]{1,256}$/u.test(value)
}

/** Without a zone nobody knows which moment is meant. A day that a month does not have is none. */
function readIsoMoment(value: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(value)
  const day = parts?.[1]
  if (day === undefined) return undefined
  const midnight = Date.parse(`${day}T00:00Z`)
  const isDay = Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(day)
  const at = Date.parse(value)
  return isDay && Number.isFinite(at) ? at : undefined
}

function readRange(value: string): BlockList | undefined {
  const [address = '', bits, ...more] = value.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0 || address.includes('%')) return undefined
  const range = new BlockList()
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) {
    range.addAddress(address, kind)
    return range
  }
  const most = family === 4 ? 32 : 128
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined
  range.addSubnet(address, Number(bits), kind)
  return range
}
