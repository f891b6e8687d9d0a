import type { Instant, Millis } from 'sojourn'
import { day, hour, minute, second } from 'sojourn/core'

/** After so many attempts, or so long after the first, a delivery is a dead letter. */
export const mostAttempts = 16
export const triedFor: Millis = 3 * day

const shortest: Millis = 5 * second
const longest: Millis = 8 * hour
/** How long all of an endpoint rests at most, so that one that is back is found soon. */
const longestRest: Millis = 5 * minute

/**
 * How long to wait after so many attempts that failed: three times as long each time, up to eight hours; half of it certain
 * and half by chance (0 to 1), so that what failed together does not come back together.
 */
export function backoff(attempts: number, chance: number): Millis {
  const whole = Math.min(shortest * 3 ** (attempts - 1), longest)
  return Math.round(whole / 2 + (whole / 2) * chance)
}

/** The same for an endpoint at which nothing arrives: all that waits for it rests. */
export function restOf(failures: number, chance: number): Millis {
  return Math.min(backoff(failures, chance), longestRest)
}

/** Whether a delivery that has just failed is given up. */
export function isDead(attempts: number, since: Instant, now: Instant): boolean {
  return attempts >= mostAttempts || now - since >= triedFor
}
