import type { Engine } from '../engine/index.ts'
import type { Started } from '../engine/start.ts'
import type { Token } from '../engine/token.ts'
import type { Verification } from '../engine/verify.ts'
import { clearCookie, cookieValues } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { rememberCookie, sessionCookie, warnWhereLost } from './session-cookie.ts'

/** The cookies that one answer will carry: the session's and the device's, each once, however often they changed. */
export class AnswerCookies {
  readonly #engine: Engine
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  #session: string | undefined
  #remember: string | undefined

  constructor(engine: Engine, settings: WebSettings, exchange: Exchange) {
    this.#engine = engine
    this.#settings = settings
    this.#exchange = exchange
  }

  /** Whether there is something to send. */
  get waiting(): boolean {
    return this.#session !== undefined || this.#remember !== undefined
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

  /** Makes the client forget both. */
  clear(): void {
    this.#session = clearCookie(this.#settings.cookie, this.#engine.policy)
    this.#forgetDevice()
  }

  send(): void {
    for (const cookie of [this.#session, this.#remember])
      if (cookie !== undefined) this.#exchange.appendHeader('Set-Cookie', cookie)
    this.#session = undefined
    this.#remember = undefined
  }

  /** Clears the refresh token where the client sent one; there is nothing to clear in others. */
  #forgetDevice(): void {
    const { rememberCookie: name } = this.#settings
    const held = cookieValues(this.#exchange.header('cookie'), name).length > 0
    this.#remember = held ? clearCookie(name, this.#engine.policy) : undefined
  }
}
