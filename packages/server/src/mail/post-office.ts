import type { Logger } from '../logger.ts'
import type { Mail, Mailer } from './mail.ts'

export interface PostOfficeParts {
  readonly mailer: Mailer
  readonly log: Logger
  /** How long before each further try, in milliseconds. */
  readonly retryAfter?: readonly number[]
}

/** How many letters may wait. More are a flood, or the mail server is down: nobody gains from keeping them. */
const mostWaiting = 1_000

/**
 * Sends letters after the answer, one at a time, so that no answer takes longer for an account that gets a letter than for
 * one that gets none. A letter that is not taken is tried again, then dropped and logged. Letters live in memory: one
 * that is lost with the process was asked for by a person, who asks again.
 */
export class PostOffice {
  readonly #mailer: Mailer
  readonly #log: Logger
  readonly #retryAfter: readonly number[]
  readonly #stopped = new AbortController()
  #waiting = 0
  #queue: Promise<void> = Promise.resolve()

  constructor({ mailer, log, retryAfter = [1_000, 5_000, 20_000] }: PostOfficeParts) {
    this.#mailer = mailer
    this.#log = log
    this.#retryAfter = retryAfter
  }

  /** How many letters are still to be sent. */
  get waiting(): number {
    return this.#waiting
  }

  /** Takes a letter over. Never throws, and waits for nothing. */
  post(mail: Mail): void {
    if (this.#waiting >= mostWaiting) {
      this.#log.error({ event: 'mail.dropped', subject: mail.subject }, 'too many letters wait to be sent')
      return
    }
    this.#waiting++
    this.#queue = this.#queue.then(async () => {
      // Even the first step of sending waits until the answer is on its way.
      await nextTurn()
      await this.#deliver(mail)
      this.#waiting--
    })
  }

  /** Resolves once all letters that were posted before are sent or given up. */
  idle(): Promise<void> {
    return this.#queue
  }

  /** Sends what waits, each letter once, and closes the mailer. */
  async close(): Promise<void> {
    this.#stopped.abort()
    await this.#queue
    await this.#mailer.close()
  }

  async #deliver(mail: Mail): Promise<void> {
    for (const wait of [...this.#retryAfter, undefined]) {
      try {
        await this.#mailer.send(mail)
        return
      } catch (error) {
        const isLast = wait === undefined || this.#stopped.signal.aborted || isRefused(error)
        if (!isLast) await pause(wait, this.#stopped.signal)
        else {
          this.#log.error(
            { event: 'mail.failed', subject: mail.subject, err: error },
            'a letter was not sent',
          )
          return
        }
      }
    }
  }
}

/** A reply of the 500s is for good. */
function isRefused(error: unknown): boolean {
  const code = (error as { readonly responseCode?: unknown }).responseCode
  return typeof code === 'number' && code >= 500
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function pause(millis: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis)
    const stop = (): void => {
      clearTimeout(timer)
      resolve()
    }
    stopped.addEventListener('abort', stop, { once: true })
  })
}
