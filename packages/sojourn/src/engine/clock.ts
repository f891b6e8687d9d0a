import type { Instant, Millis } from '../core/session.ts'

/** Where the engine takes time from. A test hands in a clock of its own. */
export interface Clock {
  now(): Instant
  /** Runs once, `delay` later; returns a function that calls it off. */
  after(delay: Millis, run: () => void): () => void
}

/** The machine's clock. Its timers never keep a process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after(delay, run) {
    const timer = setTimeout(run, delay)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
