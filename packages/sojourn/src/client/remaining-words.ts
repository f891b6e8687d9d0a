import type { Millis } from '../core/session.ts'

/** The time left as clocks show it, `59:59` or `1:59:59`. Rounded up: `0:00` is shown only where nothing is left. */
export function remainingClock(left: Millis): string {
  const seconds = Math.ceil(left / 1_000)
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/**
 * What a screen reader is told, and only now and then: each change is spoken. Whole minutes above one, then 30, 20 and 10
 * seconds; in between the words stay the same.
 */
export function remainingSpoken(left: Millis): string {
  const seconds = Math.ceil(left / 1_000)
  if (seconds > 60) return `${Math.ceil(seconds / 60)} minutes`
  if (seconds > 30) return '1 minute'
  return seconds > 20 ? '30 seconds' : seconds > 10 ? '20 seconds' : '10 seconds'
}
