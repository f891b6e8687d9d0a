import type { Clock } from '../engine/clock.ts'

/** A clock that moves when told to, and runs the timers that it passes, in order. */
export class FakeClock implements Clock {
  #now: number
  /** Where the steady clock stands at 0. */
  #zero: number
  #timers: { at: number; run: () => void }[] = []

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
    this.#zero = now
  }

  now(): number {
    return this.#now
  }

  /** A steady clock: nobody sets it. */
  elapsed(): number {
    return this.#now - this.#zero
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.#now + delay, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Moves on by `millis`, stopping at each timer on the way. */
  advance(millis: number): void {
    this.set(this.#now + millis)
  }

  /** Moves to a moment. Going back is allowed, as real clocks do; it runs no timer. */
  set(moment: number): void {
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= moment).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#zero += Math.min(0, moment - this.#now)
    this.#now = moment
  }

  /** Somebody sets the clock on the wall, or the machine sleeps: the steady clock and the timers hear nothing of it. */
  step(millis: number): void {
    this.#now += millis
    this.#zero += millis
    for (const timer of this.#timers) timer.at += millis
  }

  /** The process stands still while both clocks go on. What came due meanwhile runs with the next move. */
  stall(millis: number): void {
    this.#now += millis
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length
  }
}
