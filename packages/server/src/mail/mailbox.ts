import type { Instant } from 'sojourn'
import type { Mail, Mailer } from './mail.ts'

export interface Received extends Mail {
  readonly at: Instant
}

/** How many letters are kept; the oldest goes first. */
const most = 100

/** Keeps letters instead of sending them, so that a demo shows what its people would get. In memory alone. */
export class Mailbox implements Mailer {
  readonly #now: () => Instant
  #letters: readonly Received[] = []

  constructor(now: () => Instant) {
    this.#now = now
  }

  /** The newest first. */
  get letters(): readonly Received[] {
    return this.#letters
  }

  send(mail: Mail): Promise<void> {
    this.#letters = [{ ...mail, at: this.#now() }, ...this.#letters].slice(0, most)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
