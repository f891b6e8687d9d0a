import type { Millis } from '../core/session.ts'

/** Runs something once, later; returns a function that calls it off. A `Clock` of the engine is one. */
export interface Timer {
  after(delay: Millis, run: () => void): () => void
}

/** The machine's. It keeps no process alive. */
export const systemTimer: Timer = {
  after(delay, run) {
    const timer = setTimeout(run, delay)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
