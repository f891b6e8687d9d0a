import { parseDuration } from 'sojourn/core'
import type { Millis } from 'sojourn'
import { UsageError } from './failure.ts'

/** The value of an option that is a span, such as `90d`. */
export function durationValue(name: string, most: Millis, expected: string, given: string): Millis {
  const millis = parseDuration(given)
  if (millis !== undefined && millis <= most) return millis
  throw new UsageError(`--${name}: expected ${expected}, got ${given}`)
}
