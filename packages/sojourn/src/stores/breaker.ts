import { SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Timing } from './timing.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

export interface BreakerSettings {
  /** After so many failures in a row it opens. */
  readonly breakAfter: number
  /** How long it stays open before one call is let through to try. */
  readonly retryAfter: Millis
  readonly timing: Pick<Timing, 'elapsed'>
  readonly onState: (state: BreakerState) => void
}

/**
 * Refuses calls at once while a store is known to be down, so that requests do not wait for it one by one, and it is not
 * asked by all of them when it comes back. Closed: calls pass. Open: none does. Half-open: one does, and what comes of it
 * closes or opens it again. Nobody has to reset it.
 */
export class Breaker {
  readonly #settings: BreakerSettings
  #state: BreakerState = 'closed'
  #failures = 0
  /** When it opened, or let its trial through. */
  #since: Millis = 0

  constructor(settings: BreakerSettings) {
    this.#settings = settings
  }

  get state(): BreakerState {
    return this.#state
  }

  /** Lets a call pass, or throws `store_unavailable`. A trial that nobody has heard of again makes room for another. */
  admit(): void {
    if (this.#state === 'closed') return
    const { timing, retryAfter } = this.#settings
    const waited = timing.elapsed() - this.#since
    if (waited < retryAfter)
      throw new SessionError(
        'store_unavailable',
        `the session store failed ${this.#failures} times in a row; it is asked again in ${Math.ceil(retryAfter - waited)} ms`,
      )
    this.#since = timing.elapsed()
    this.#become('half-open')
  }

  succeeded(): void {
    this.#failures = 0
    this.#become('closed')
  }

  failed(): void {
    this.#failures++
    if (this.#state === 'closed' && this.#failures < this.#settings.breakAfter) return
    this.#since = this.#settings.timing.elapsed()
    this.#become('open')
  }

  #become(state: BreakerState): void {
    if (state === this.#state) return
    this.#state = state
    try {
      this.#settings.onState(state)
    } catch {
      // Its own affair: no login fails because a log or a metric does.
    }
  }
}
