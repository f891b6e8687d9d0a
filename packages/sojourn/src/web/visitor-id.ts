import { randomBytes } from 'node:crypto'
import { nextVisitor, parseVisitor, type Visitor, type VisitorFacts, visitorStands } from '../core/visitor.ts'
import type { Engine } from '../engine/index.ts'
import { cookieValues } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'

/**
 * The visitor id of one request. A browser has none until it is asked for; it is renewed by the request that shows that
 * somebody was logged out, whether or not it asks, since no later one shows it.
 */
export class VisitorId {
  readonly #engine: Engine
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  readonly #issue: (visitor: Visitor) => void
  #current: Visitor | undefined
  #asked = false

  /** `issue` gives the client a new one. */
  constructor(engine: Engine, settings: WebSettings, exchange: Exchange, issue: (visitor: Visitor) => void) {
    this.#engine = engine
    this.#settings = settings
    this.#exchange = exchange
    this.#issue = issue
    this.#current = presented(exchange, settings)
  }

  uid(facts: VisitorFacts): string {
    const { uid } = this.#next(facts)
    if (!this.#asked) {
      this.#asked = true
      this.#keepFromCaches()
    }
    return uid
  }

  /** Another one where somebody was logged out; nothing where there was none. */
  renew(facts: VisitorFacts): void {
    if (this.#current !== undefined) this.#next(facts)
  }

  #next(facts: VisitorFacts): Visitor {
    const { policy } = this.#engine
    const now = this.#engine.now()
    const current = this.#current
    if (current !== undefined && visitorStands(current, facts, policy, now)) return current
    const next = nextVisitor(current, facts, policy, now, randomBytes(16).toString('base64url'))
    this.#issue(next)
    return (this.#current = next)
  }

  /** An answer that shows one visitor's id is not for the next; one with a session is kept by no cache anyway. */
  #keepFromCaches(): void {
    const cookies = this.#exchange.header('cookie')
    const { cookie, rememberCookie } = this.#settings
    if ([cookie, rememberCookie].some((name) => cookieValues(cookies, name).length > 0)) return
    try {
      this.#exchange.appendHeader('Cache-Control', 'no-store')
    } catch {
      // The headers have left: whoever streams a page says before it who may keep it.
    }
  }
}

function presented(exchange: Exchange, { visitorCookie }: WebSettings): Visitor | undefined {
  for (const value of cookieValues(exchange.header('cookie'), visitorCookie)) {
    const visitor = parseVisitor(value)
    if (visitor !== undefined) return visitor
  }
  return undefined
}
