import type { Names } from './sqlite-names.ts'

// An index on an expression, or of a part of the rows, is used by what says the same in the same words: `retention.ts` in SQL.

/** The moment that retention counts from, of what is over. */
export function overSince(c: Names['c']): string {
  return `max(${c.endedAt}, ifnull(${c.refreshUsedAt}, ${c.endedAt}))`
}

/** Ended, and no longer restorable. */
export function isOver(c: Names['c']): string {
  return `${c.endedAt} IS NOT NULL AND ${c.rememberedUntil} IS NULL`
}

export function hasDetails(c: Names['c']): string {
  return `(${c.ip} IS NOT NULL OR ${c.userAgent} IS NOT NULL OR ${c.fingerprint} IS NOT NULL OR ${c.data} <> '{}')`
}
