import { hash } from 'node:crypto'
import type { Instant, Millis } from '../core/session.ts'
import type { Introspection } from './introspection.ts'

const most = 10_000

/** Tokens that were active a moment ago, by their hash. */
export class KnownActive {
  readonly #bound: Millis
  readonly #known = new Map<string, { readonly answer: Introspection; readonly until: Instant }>()

  constructor(bound: Millis) {
    this.#bound = bound
  }

  find(question: string, now: Instant): Introspection | undefined {
    const key = keyOf(question)
    const known = this.#known.get(key)
    if (known === undefined) return undefined
    // A clock that was set back makes nothing last longer.
    if (now < known.until && known.until - now <= this.#bound) return known.answer
    this.#known.delete(key)
    return undefined
  }

  /** `asked`: when the question was sent; the bound counts from there. */
  keep(question: string, answer: Introspection, asked: Instant): void {
    if (!answer.active) return
    const expires = answer.exp === undefined ? Infinity : answer.exp * 1_000
    const key = keyOf(question)
    this.#known.delete(key)
    if (this.#known.size >= most) {
      const [oldest] = this.#known.keys()
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    this.#known.set(key, { answer, until: Math.min(asked + this.#bound, expires) })
  }
}

/** Whatever reads this memory finds no token. */
function keyOf(question: string): string {
  return hash('sha256', question, 'base64url')
}
