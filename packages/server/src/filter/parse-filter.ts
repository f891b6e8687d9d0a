import type { Comparison, FilterFault, FilterTerm } from './filter-term.ts'
import { readMoment, readValue, valueFields } from './filter-value.ts'

/** How long a filter may be, in characters and in conditions. */
export const mostFilter = { characters: 500, terms: 20 } as const

const momentFields = ['lastSeen', 'created', 'ended'] as const
const fieldNames: readonly string[] = [...valueFields, ...momentFields]

/** Stands in the filter where it does not read. */
class Fault extends Error {
  readonly fault: FilterFault
  constructor(fault: FilterFault) {
    super(fault.expected)
    this.fault = fault
  }
}

export type ParsedFilter = { readonly terms: readonly FilterTerm[] } | { readonly fault: FilterFault }

/**
 * Reads `state:active ip:10.0.0.0/8 lastSeen<now-30m`: conditions with blanks between them, which all must hold. A value with
 * blanks in it stands in double quotes. What does not read is refused whole, with its place: a condition that was left out
 * would end sessions that nobody meant.
 */
export function parseFilter(text: string): ParsedFilter {
  const terms: FilterTerm[] = []
  const seen = new Set<string>()
  try {
    if (text.length > mostFilter.characters)
      throw faultAt(
        mostFilter.characters,
        text.slice(mostFilter.characters),
        `at most ${mostFilter.characters} characters`,
      )
    let at = skipBlanks(text, 0)
    while (at < text.length) {
      if (terms.length === mostFilter.terms)
        throw faultAt(at, wordAt(text, at), `at most ${mostFilter.terms} conditions`)
      const { term, next, once } = readTerm(text, at)
      if (seen.has(once)) throw faultAt(at, wordAt(text, at), `${once} once only`)
      seen.add(once)
      terms.push(term)
      at = skipBlanks(text, next)
    }
    return { terms }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault }
    throw error
  }
}

/** One sentence: `at 7: expected one of active, …, got "dead"`. */
export function faultSentence({ at, expected, got }: FilterFault): string {
  return `at ${at + 1}: expected ${expected}, got ${got === '' ? 'the end' : JSON.stringify(got)}`
}

interface Read {
  readonly term: FilterTerm
  readonly next: number
  /** What may stand once: two of it would contradict each other, or one says nothing. */
  readonly once: string
}

function readTerm(text: string, at: number): Read {
  const [name = ''] = /^[A-Za-z][\w.]*/.exec(text.slice(at)) ?? []
  const field = fieldNames.find((one) => one === name)
  if (field === undefined)
    throw faultAt(at, name === '' ? wordAt(text, at) : name, `one of ${fieldNames.join(', ')}`)
  const after = at + name.length
  const momentField = momentFields.find((one) => one === field)
  if (momentField !== undefined) {
    const [sign] = /^[<>]=?/.exec(text.slice(after)) ?? []
    if (sign === undefined) throw faultAt(after, wordAt(text, after), "'<', '<=', '>' or '>='")
    const { value, start, next } = readText(text, after + sign.length)
    const moment = readMoment(value)
    if ('expected' in moment) throw faultAt(start, value, moment.expected)
    const term = { field: momentField, comparison: sign as Comparison, value: moment.read }
    return { term, next, once: `${momentField}${sign[0]}` }
  }
  if (text[after] !== ':') throw faultAt(after, wordAt(text, after), "':'")
  const { value, start, next, isQuoted } = readText(text, after + 1)
  const read = readValue(field, value, isQuoted)
  if ('expected' in read) throw faultAt(start, value, read.expected)
  return { term: read.read, next, once: field === 'role' ? `role:${value}` : field }
}

function readText(text: string, start: number) {
  if (text[start] !== '"') {
    const value = wordAt(text, start)
    const quote = value.indexOf('"')
    if (quote >= 0) throw faultAt(start + quote, value.slice(quote), 'quotes around the whole value')
    return { value, start, next: start + value.length, isQuoted: false }
  }
  const end = text.indexOf('"', start + 1)
  if (end < 0) throw faultAt(text.length, '', "a closing '\"'")
  const follows = text[end + 1]
  if (follows !== undefined && !isBlank(follows)) throw faultAt(end + 1, wordAt(text, end + 1), 'a blank')
  return { value: text.slice(start + 1, end), start: start + 1, next: end + 1, isQuoted: true }
}

function faultAt(at: number, got: string, expected: string): Fault {
  return new Fault({ at, length: Math.max(1, got.length), expected, got: got.slice(0, 100) })
}

function wordAt(text: string, at: number): string {
  return /^\S*/.exec(text.slice(at))?.[0] ?? ''
}

function skipBlanks(text: string, at: number): number {
  let next = at
  while (isBlank(text[next] ?? 'x')) next++
  return next
}

function isBlank(character: string): boolean {
  return /\s/.test(character)
}
