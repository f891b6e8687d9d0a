import type { Millis } from 'sojourn'
import { refuse } from '../answer.ts'
import type { Asked } from '../parts.ts'

/** The answer to a network, or whatever `what` says, that has tried too often, with when it may try again. */
export function tooMany(
  asked: Asked,
  wait: Millis,
  what = 'There have been too many attempts from this network.',
): Response {
  const seconds = Math.ceil(wait / 1_000)
  asked.header('Retry-After', String(seconds))
  const left = seconds === 1 ? '1 second' : `${seconds} seconds`
  return refuse(asked, 429, 'too_many_attempts', `${what} Try again in ${left}.`)
}
