import { formatDuration, parseDuration } from 'sojourn/core'
import type { Setting } from './setting.ts'

/** A value as JSON, as it is stored; or what was expected instead. */
export type ReadSetting = { readonly value: string } | { readonly expected: string }

/** Reads what was entered for a setting, or what a program sent: a word or a number. `null` is what the setting's word means. */
export function readSetting(setting: Setting, written: unknown): ReadSetting {
  const text = typeof written === 'string' ? written.trim() : written
  const value = valueOf(setting, text)
  return value === undefined ? { expected: expectedOf(setting) } : { value: JSON.stringify(value) }
}

/** What may be entered, for a hint and an error. */
export function expectedOf({ entry }: Setting): string {
  switch (entry.kind) {
    case 'limit':
      return `a whole number from 0 to ${mostSessions}, or unlimited; 0 lets nobody sign in`
    case 'choice':
      return `one of ${entry.values.join(', ')}`
    case 'span': {
      const range = `a time from ${shown(entry.least)} to ${shown(entry.most)}, such as 30m, 2h or 7d`
      return entry.word === undefined ? range : `${range}, or ${entry.word}`
    }
  }
}

/** A stored value as it is entered. */
export function enteredOf({ entry }: Setting, value: string): string {
  const read: unknown = JSON.parse(value)
  if (read === null) return entry.kind === 'span' ? (entry.word ?? 'none') : 'none'
  return typeof read === 'string' ? read : JSON.stringify(read)
}

const mostSessions = 10_000

function valueOf({ entry }: Setting, text: unknown): string | number | null | undefined {
  switch (entry.kind) {
    case 'limit':
      if (text === 'unlimited') return text
      if (typeof text === 'string' ? !/^\d{1,5}$/.test(text) : !Number.isSafeInteger(text)) return undefined
      return Number(text) >= 0 && Number(text) <= mostSessions ? Number(text) : undefined
    case 'choice':
      return entry.values.find((one) => one === text)
    case 'span': {
      if (entry.word !== undefined && (text === null || text === entry.word)) return null
      const millis = typeof text === 'string' ? parseDuration(text) : undefined
      if (millis === undefined) return undefined
      return millis >= span(entry.least) && millis <= span(entry.most) ? formatDuration(millis) : undefined
    }
  }
}

function span(written: string | number): number {
  return parseDuration(written) ?? Number.NaN
}

function shown(written: string | number): string {
  return formatDuration(span(written))
}
