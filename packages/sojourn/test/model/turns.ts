import assert from 'node:assert/strict'
import { turn } from '../engine/around.ts'

/**
 * Decides who goes on: whoever waits for a turn gets it when the next number of a list picks them. The same numbers give the
 * same order; without numbers it is first come, first served.
 */
export class Turns {
  readonly #picks: readonly number[]
  readonly #between: (pick: number) => void
  readonly #waiting: (() => void)[] = []
  readonly #failures: unknown[] = []
  #taken = 0

  /** `between` is called before every turn. */
  constructor(picks: readonly number[], between: (pick: number) => void) {
    this.#picks = picks
    this.#between = between
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Notes what went wrong where nobody who could be told waits; it is thrown once all are done. */
  fail(error: unknown): void {
    this.#failures.push(error)
  }

  /** Gives turns until all tasks are done and nobody waits. */
  async run(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
    let left = tasks.length
    for (const task of tasks) {
      task()
        .catch((error: unknown) => this.fail(error))
        .finally(() => left--)
    }
    for (let idle = 0; left > 0 || this.#waiting.length > 0; idle++) {
      assert.ok(idle < 100, 'somebody waits for what nobody does')
      await turn()
      if (this.#waiting.length === 0) continue
      idle = 0
      this.#next()
    }
    await turn()
    if (this.#failures.length > 0) throw this.#failures[0]
  }

  #next(): void {
    const pick = this.#picks.length === 0 ? 0 : (this.#picks[this.#taken++ % this.#picks.length] ?? 0)
    this.#between(pick)
    const [next] = this.#waiting.splice(pick % this.#waiting.length, 1)
    next?.()
  }
}
