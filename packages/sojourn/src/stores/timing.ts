import type { Instant, Millis } from '../core/session.ts'
import { systemTimer } from './timer.ts'
import type { Timer } from './timer.ts'

/** The two clocks of a machine. Neither alone tells how long ago something was. */
export interface Timing extends Timer {
  /** The clock on the wall. Somebody may set it. */
  now(): Instant
  /** Milliseconds since some moment. Nobody sets it, and it goes on while the process is stopped; it may rest while the machine sleeps. */
  elapsed(): Millis
}

export const systemTiming: Timing = {
  ...systemTimer,
  now: Date.now,
  elapsed: () => performance.now(),
}

/** A moment by both clocks. */
export interface Moment {
  readonly now: Instant
  readonly elapsed: Millis
}

export function momentOf(timing: Timing): Moment {
  return { now: timing.now(), elapsed: timing.elapsed() }
}

/**
 * How long ago a moment was at most: by the clock that says more. A wall clock that was set back says too little, a steady one
 * that rested too; one that was set forward says too much, which costs a read and never a late answer.
 */
export function ageOf(moment: Moment, timing: Timing): Millis {
  return Math.max(timing.elapsed() - moment.elapsed, timing.now() - moment.now)
}
