import { SessionError } from '../../src/core/errors.ts'

/** What a verb answers, or the code that it refuses with. Each `yield` waits for an answer where it is a promise. */
export function* answerOf(run: () => unknown): Generator<unknown, unknown, unknown> {
  try {
    return yield run()
  } catch (error) {
    if (error instanceof SessionError) return { status: error.code }
    throw error
  }
}

/** Plays calls one after the other, at once as far as they answer at once. */
export function play<T>(calls: Generator<unknown, T, unknown>, first = calls.next()): T | Promise<T> {
  for (let step = first; ; step = calls.next(step.value)) {
    if (step.done === true) return step.value
    if (step.value instanceof Promise) {
      return step.value.then(
        (answer: unknown) => play(calls, calls.next(answer)),
        (error) => play(calls, calls.throw(error)),
      )
    }
  }
}
