import type { Awaitable } from '../core/store.ts'

/** Does something once a call has answered or failed, at once where the call answers at once, and hands on what came of it. */
export function afterwards<T>(
  call: () => Awaitable<T>,
  then: { readonly answered: (value: T) => void; readonly failed: (error: unknown) => void },
): Awaitable<T> {
  const fail = (error: unknown): never => {
    then.failed(error)
    throw error
  }
  const answer = (value: T): T => {
    then.answered(value)
    return value
  }
  let result: Awaitable<T>
  try {
    result = call()
  } catch (error) {
    return fail(error)
  }
  return result instanceof Promise ? result.then(answer, fail) : answer(result)
}
