import type { Instant, Millis } from 'sojourn'
import { minute } from 'sojourn/core'
import type { ApiKey } from './api-key.ts'

/**
 * How often a key may ask on this node: `rate` a minute, at once or spread, as tokens that refill evenly. In memory, since a
 * write for each request would cost more than what it guards; several nodes together answer as many times as much.
 */
export class KeyRate {
  /** By id: when its tokens are full again. Only keys that were found good are here, so nobody else fills it. */
  readonly #fullAt = new Map<string, Instant>()

  /** 0: it may; else how many milliseconds to wait. */
  take({ id, rate }: Pick<ApiKey, 'id' | 'rate'>, now: Instant): Millis {
    // A clock that was set back keeps nobody waiting for longer than for one token.
    const fullAt = Math.min(this.#fullAt.get(id) ?? now, now + minute)
    const next = Math.max(now, fullAt) + minute / rate
    const wait = next - now - minute
    // What a minute divided by the rate leaves over is no request.
    if (wait > 0.5) return Math.ceil(wait)
    this.#fullAt.set(id, next)
    return 0
  }
}
