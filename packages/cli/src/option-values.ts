import { nearest } from './nearest.ts'
import { UsageError } from './failure.ts'

/** The value of an option that has only a few. */
export function oneOf<const T extends string>(name: string, values: readonly T[], given: string): T {
  const value = values.find((one) => one === given)
  if (value !== undefined) return value
  const meant = nearest(given, values)
  const expected = meant === undefined ? `one of ${values.join(', ')}` : `did you mean ${meant}?`
  throw new UsageError(`--${name}: got ${given}; ${expected}`)
}

export function wholeNumber(name: string, least: number, most: number, given: string): number {
  const value = /^\d{1,9}$/.test(given) ? Number(given) : NaN
  if (value >= least && value <= most) return value
  throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}, got ${given}`)
}
