import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Patience } from './patience.ts'

interface Followed {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly begun: number
  /** What had come by the connection when the headers had. */
  readonly read: number
  /** When the answer was first seen to be whole and not taken. */
  answered: number | undefined
}

export type Slowness = 'slow_body' | 'slow_reader'
export interface Slow {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly why: Slowness
}
type Limits = Pick<Patience, 'leastBodyRate' | 'bodyGrace' | 'answerTimeout'>

/**
 * Finds those whose body drips in, and those who do not take the answer that they asked for: Node's own limits know
 * neither. All are looked at together, so that a request costs no timer.
 */
export class SlowClients {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #followed = new Map<ServerResponse, Followed>()

  /** `now`: milliseconds of a steady clock. */
  constructor(limits: Limits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    const { bytesRead: read } = request.socket
    this.#followed.set(response, { request, response, begun: this.#now(), read, answered: undefined })
  }

  forget(response: ServerResponse): void {
    this.#followed.delete(response)
  }

  /** All that are under way. */
  get underWay(): { readonly size: number; keys(): Iterable<ServerResponse> } {
    return this.#followed
  }

  /** Those with whom there is no patience left. */
  find(): readonly Slow[] {
    return [...this.#followed.values()].flatMap((one) => {
      const why = this.#judge(one)
      return why === undefined ? [] : { request: one.request, response: one.response, why }
    })
  }

  #judge(one: Followed): Slowness | undefined {
    const { request, response, begun, read } = one
    const { leastBodyRate, bodyGrace, answerTimeout } = this.#limits
    const now = this.#now()
    const age = now - begun
    if (!request.complete && age > bodyGrace) {
      const rate = ((request.socket.bytesRead - read) / age) * 1_000
      if (rate < leastBodyRate) return 'slow_body'
    }
    if (!response.writableEnded || response.writableFinished) return undefined
    one.answered ??= now
    return now - one.answered > answerTimeout ? 'slow_reader' : undefined
  }
}
