import { invalidOption } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'

/** How long changes are kept at least, unless there are more than `feedMost`. */
export const feedKept: Millis = 5 * 60_000

/** How many changes are kept at most. */
export const feedMost = 10_000

/** Refuses a number of changes that is out of range. */
export function feedLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw invalidOption('limit', 'a whole number from 1 to 1000', limit)
  return limit
}
