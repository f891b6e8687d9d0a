import type { Visitor } from '../core/visitor.ts'
import type { Engine } from '../engine/index.ts'
import type { Started } from '../engine/start.ts'
import type { Token } from '../engine/token.ts'
import type { Verification } from '../engine/verify.ts'
import { clearCookie, cookieValues } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { rememberCookie, sessionCookie, visitorCookie, warnWhereLost } from './session-cookie.ts'

/** The cookies that one answer will carry: the session's, the device's and the visitor's, each once, however often they changed. */
export class AnswerCookies {
  readonly #engine: Engine
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  #session: string | undefined
  #remember: string | undefined
  #visitor: string | undefined

  constructor(engine: Engine, settings: WebSettings, exchange: Exchange) {
    this.#engine = engine
    this.#settings = settings
    this.#exchange = exchange
  }

  /** Whether there is something to send. */
  get waiting(): boolean {
    return [this.#session, this.#remember, this.#visitor].some((cookie) => cookie !== undefined)
  }

  /** The tokens of a session that began; a device that it does not remember is forgotten. */
  begin(started: Started): void {
    const { token, refresh, session } = started
    this.#session = sessionCookie(this.#engine, this.#settings, token, started)
    if (refresh === null) this.#forgetDevice()
    else this.#remember = rememberCookie(this.#engine, this.#settings, refresh, session)
    warnWhereLost(this.#engine, this.#settings, this.#exchange)
  }

  /** The token that replaced the one which the client has. */
  renew(token: Token, active: Verification & { readonly state: 'active' }): void {
    this.#session = sessionCookie(this.#engine, this.#settings, token, active)
  }

  /** Another visitor id. */
  visit(visitor: Visitor): void {
    this.#visitor = visitorCookie(this.#engine, this.#settings, visitor)
  }

  /** Makes the client forget session and device. */
  clear(): void {
    this.#session = clearCookie(this.#settings.cookie, this.#engine.policy)
    this.#forgetDevice()
  }

  send(): void {
    for (const cookie of [this.#session, this.#remember, this.#visitor])
      if (cookie !== undefined) this.#exchange.appendHeader('Set-Cookie', cookie)
    this.#session = undefined
    this.#remember = undefined
    this.#visitor = undefined
  }

  /** Clears the refresh token where the client sent one; there is nothing to clear in others. */
  #forgetDevice(): void {
    const { rememberCookie: name } = this.#settings
    const held = cookieValues(this.#exchange.header('cookie'), name).length > 0
    this.#remember = held ? clearCookie(name, this.#engine.policy) : undefined
  }
}
