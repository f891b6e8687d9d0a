import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Awaitable, Store } from '../core/store.ts'
import type { StoreVerb } from '../core/store-call.ts'
import { Breaker } from './breaker.ts'
import type { BreakerState } from './breaker.ts'
import { storeAround } from './store-around.ts'
import { systemTiming } from './timing.ts'
import type { Timing } from './timing.ts'

export type { BreakerState }

export interface ResilientOptions {
  /** How long a verb may take, all its tries together. Keep it below the policy's `storeTimeout`. `'1500ms'` if left out. */
  readonly deadline?: Duration
  /** How long one try may take. `'500ms'` if left out. */
  readonly tryFor?: Duration
  /** How often what is safe to repeat is tried, 1 to 10. 3 if left out. */
  readonly tries?: number
  /** The pause before the second try; it doubles with each, and half of it is chance. `'20ms'` if left out. */
  readonly pause?: Duration
  /** After so many failures in a row no call is let through for a while. 5 if left out. */
  readonly breakAfter?: number
  /** For how long; then one call tries. `'1s'` if left out. */
  readonly retryAfter?: Duration
  readonly onState?: (state: BreakerState) => void
  readonly timing?: Timing
  /** A number from 0 to 1. */
  readonly random?: () => number
}

/**
 * What may be repeated when nobody knows whether it was done: a second time changes nothing more. The others are not: a
 * `write` would add twice, a `create` would meet itself, a `regenerate` would lose against itself. The second `end` returns
 * nothing of what the first had ended; the feed tells of that.
 */
const repeatable: ReadonlySet<StoreVerb> = new Set([
  'find',
  'list',
  'touch',
  'end',
  'voidBefore',
  'lease',
  'changes',
])

/**
 * A store around a store, with the same laws, for a network in between. Each try has a deadline, what is safe to repeat is
 * tried again, and a store that is down is left alone and found again without a restart. It fails closed: what it cannot
 * find out is `store_unavailable`, never an answer.
 *
 *     cached(resilient(observed(postgres(pool), metrics.onCall)))
 */
export function resilient(store: Store, options: ResilientOptions = {}): Store {
  if (typeof store?.find !== 'function')
    throw invalidOption('store', 'a store, such as postgres(pool)', typeof store)
  const {
    tries = 3,
    breakAfter = 5,
    timing = systemTiming,
    random = Math.random,
    onState = () => {},
  } = options
  const deadline = span('deadline', options.deadline ?? '1500ms')
  const tryFor = span('tryFor', options.tryFor ?? '500ms')
  const pause = span('pause', options.pause ?? '20ms')
  const retryAfter = span('retryAfter', options.retryAfter ?? '1s')
  const breaker = new Breaker({
    breakAfter: whole('breakAfter', breakAfter, 1_000),
    retryAfter,
    timing,
    onState,
  })
  const attempts = new Attempts(
    { deadline, tryFor, pause, tries: whole('tries', tries, 10), timing, random },
    breaker,
  )
  return storeAround(store, (verb, call) => attempts.call(verb, call))
}

interface AttemptSettings {
  readonly deadline: Millis
  readonly tryFor: Millis
  readonly tries: number
  readonly pause: Millis
  readonly timing: Timing
  readonly random: () => number
}

/** Tries calls until one answers, or no more may. */
class Attempts {
  readonly #settings: AttemptSettings
  readonly #breaker: Breaker

  constructor(settings: AttemptSettings, breaker: Breaker) {
    this.#settings = settings
    this.#breaker = breaker
  }

  call<T>(
    verb: StoreVerb,
    call: () => Awaitable<T>,
    made = 0,
    begun = this.#settings.timing.elapsed(),
  ): Awaitable<T> {
    this.#breaker.admit()
    let answer: Awaitable<T>
    try {
      answer = call()
    } catch (error) {
      return this.#failed(error, verb, call, made + 1, begun)
    }
    if (answer instanceof Promise)
      return this.#inTime(answer, begun).then(
        (value) => this.#answered(value),
        (error: unknown) => this.#failed(error, verb, call, made + 1, begun),
      )
    return this.#answered(answer)
  }

  #answered<T>(value: T): T {
    this.#breaker.succeeded()
    return value
  }

  #failed<T>(
    error: unknown,
    verb: StoreVerb,
    call: () => Awaitable<T>,
    made: number,
    begun: Millis,
  ): Awaitable<T> {
    if (!isOutage(error)) {
      // It answered: that it refuses.
      this.#breaker.succeeded()
      throw error
    }
    this.#breaker.failed()
    const { tries, pause, random, timing, deadline } = this.#settings
    const wait = pause * 2 ** (made - 1) * (0.5 + random() / 2)
    const isLast = !repeatable.has(verb) || made >= tries || this.#breaker.state !== 'closed'
    if (isLast || timing.elapsed() - begun + wait >= deadline) throw error
    return new Promise<void>((resolve) => timing.after(wait, resolve)).then(() =>
      this.call(verb, call, made, begun),
    )
  }

  /** The answer, or `store_unavailable` where it does not come in the time of one try. What comes later is nobody's. */
  #inTime<T>(answer: Promise<T>, begun: Millis): Promise<T> {
    const { timing, tryFor, deadline } = this.#settings
    const left = Math.min(tryFor, deadline - (timing.elapsed() - begun))
    return new Promise((resolve, reject) => {
      const cancel = timing.after(left, () =>
        reject(
          new SessionError(
            'store_unavailable',
            `the session store did not answer within ${Math.round(left)} ms`,
          ),
        ),
      )
      answer.then(resolve, reject).finally(cancel)
    })
  }
}

/** Whether the store could not answer. An error of our own that says something else is an answer. */
function isOutage(error: unknown): boolean {
  return !(error instanceof SessionError) || error.code === 'store_unavailable'
}

function span(path: string, written: Duration): Millis {
  const millis = parseDuration(written)
  if (millis !== undefined && millis > 0) return millis
  throw invalidOption(path, `a duration such as '${formatDuration(500)}', above zero`, written)
}

function whole(path: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw invalidOption(path, `a whole number from 1 to ${most}`, value)
}
