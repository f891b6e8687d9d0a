import type { Timer } from './timer.ts'
import { Watchers } from './watchers.ts'

/** How long after an answer a node asks again how far the feed is, in milliseconds: MySQL tells nobody. */
export const lookEvery = 100

/** Notices that the feed grew, whoever wrote it. Looks only while somebody watches. */
export class MysqlWatch {
  readonly #watchers = new Watchers()
  readonly #timer: Timer
  readonly #look: () => Promise<number>
  #seen: number | undefined
  #cancel: (() => void) | undefined

  /** `look` answers the number of the latest change. */
  constructor(timer: Timer, look: () => Promise<number>) {
    this.#timer = timer
    this.#look = look
  }

  add(grew: () => void): () => void {
    return this.#watchers.add(
      grew,
      () => this.#lookLater(),
      () => this.stop(),
    )
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#seen = undefined
  }

  #lookLater(): void {
    const cancel = this.#timer.after(lookEvery, () => {
      // Where nobody answers there is nothing to tell; who keeps answers notices the silence.
      this.#look()
        .then((latest) => this.#cancel === cancel && this.#note(latest))
        .catch(() => undefined)
        .finally(() => {
          if (this.#cancel === cancel) this.#lookLater()
        })
    })
    this.#cancel = cancel
  }

  /** The first look tells too: the feed may have grown since somebody watches. */
  #note(latest: number): void {
    if (latest !== this.#seen) this.#watchers.tellSoon()
    this.#seen = latest
  }
}
