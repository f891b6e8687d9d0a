import { SessionError } from '../core/errors.ts'
import type { Millis } from '../core/session.ts'
import type { Awaitable, FindOptions, Store } from '../core/store.ts'
import type { Clock } from './clock.ts'

/** Asks past what a cache keeps: only a request whose token opens its session may be answered from there (`verify`). */
export const freshly: FindOptions = { fresh: true }

/** Goes on with an answer: at once where it is there, later where it is promised. */
export function whenAnswered<A, B>(answer: Awaitable<A>, goOn: (value: A) => Awaitable<B>): Awaitable<B> {
  return answer instanceof Promise ? answer.then(goOn) : goOn(answer)
}

/**
 * Calls a store and gives it `timeout` to answer. Whatever it throws becomes `store_unavailable` with its cause, except an
 * error of our own, which says more.
 */
export function callStore<T>(clock: Clock, timeout: Millis, call: () => Awaitable<T>): Awaitable<T> {
  let answer: Awaitable<T>
  try {
    answer = call()
  } catch (cause) {
    throw unavailable(cause)
  }
  return answer instanceof Promise ? inTime(clock, timeout, answer) : answer
}

/** `Store.find` likewise. Every request asks it, so it makes no function for each. */
export function finderOf(store: Store, clock: Clock, timeout: () => Millis): Store['find'] {
  return (id, how) => {
    let answer: ReturnType<Store['find']>
    try {
      answer = store.find(id, how)
    } catch (cause) {
      throw unavailable(cause)
    }
    return answer instanceof Promise ? inTime(clock, timeout(), answer) : answer
  }
}

function inTime<T>(clock: Clock, timeout: Millis, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeout, () =>
      reject(new SessionError('store_unavailable', `the session store did not answer within ${timeout} ms`)),
    )
    answer.then(
      (value) => {
        cancel()
        resolve(value)
      },
      (cause: unknown) => {
        cancel()
        reject(unavailable(cause))
      },
    )
  })
}

function unavailable(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause
  return new SessionError(
    'store_unavailable',
    'the session store failed; it is asked again at the next request',
    { cause },
  )
}
