import { isAhead } from '../core/activity.ts'
import { isBot } from '../core/device.ts'
import { invalidOption, SessionError } from '../core/errors.ts'
import type { Policy } from '../core/policy.ts'
import type { Data, Instant, Json, RequestFacts, Session } from '../core/session.ts'
import type { VisitorFacts } from '../core/visitor.ts'
import type { Engine } from '../engine/index.ts'
import type { Started } from '../engine/start.ts'
import type { Token } from '../engine/token.ts'
import type { Active } from '../engine/verify.ts'
import { AnswerCookies } from './answer-cookies.ts'
import type { Exchange, Hold } from './exchange.ts'
import { sessionExpires } from './expires-header.ts'
import { begun, type Current, nobody, type Opened } from './opened.ts'
import type { WebSettings } from './options.ts'
import { Pending } from './pending.ts'
import { refreshesIn } from './restore.ts'
import { Turns } from './turns.ts'
import { VisitorId } from './visitor-id.ts'

const nothing: Data = Object.freeze(Object.create(null) as Data)

/**
 * The session of one request as it changes: what was found, what is pending, what begins and ends. What somebody asks of it
 * is `Visit`; this is how it is done.
 */
export class RequestSession {
  readonly engine: Engine
  readonly facts: RequestFacts
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  readonly #hold: Hold
  #current: Current = nobody
  #pending: Pending | undefined
  /** What is on its way to the store. */
  #saving: Pending | undefined
  #turns: Turns | undefined
  #cookies: AnswerCookies | undefined
  #visitor: VisitorId | undefined

  constructor(
    engine: Engine,
    settings: WebSettings,
    exchange: Exchange,
    facts: RequestFacts,
    opened: Opened,
    hold: Hold,
  ) {
    this.engine = engine
    this.facts = facts
    this.#settings = settings
    this.#exchange = exchange
    this.#hold = hold
    if (opened.state === 'restored') {
      hold(true)
      this.adopt(opened.started)
      return
    }
    this.#current = opened
    if (opened.state === 'active' && opened.token !== null) {
      hold(true)
      this.#answer.renew(opened.token, opened)
    }
    if (opened.state === 'ended') this.#visitorId.renew(this.#visitorFacts())
    if (settings.expiresHeader) this.#tellExpiry()
  }

  /** What was found, or what took its place. */
  get current(): Current {
    return this.#current
  }

  get session(): Session | null {
    return this.#current.state === 'active' ? this.#current.session : null
  }

  /** The policy of the session, or of the install where there is none. */
  get policy(): Policy {
    return this.#current.state === 'active' ? this.#current.policy : this.engine.policy
  }

  /** The last valid moment if no further request comes; `null`: none is set, or there is no session. */
  get expiresAt(): Instant | null {
    const { session } = this
    return session === null ? null : this.engine.expiresAt(session, !this.facts.passive)
  }

  get isIgnored(): boolean {
    return this.#current.state === 'none' && this.#current.cause === 'ignored'
  }

  /**
   * Whether what is written will be kept: there is a session, or a guest's begins. None begins for a crawler, nor for what
   * nobody has asked to see, such as an image or a prefetched page, nor in the place of a login that waits.
   */
  get keeps(): boolean {
    const { state } = this.#current
    return state === 'active' || (state !== 'pending' && !this.facts.passive && !isBot(this.facts.userAgent))
  }

  /** Whether nobody has asked for this request yet. */
  get isAhead(): boolean {
    return isAhead(this.#exchange.header('sec-purpose'))
  }

  get visitorUid(): string {
    return this.#visitorId.uid(this.#visitorFacts())
  }

  /** The data as the store has it, or will have it once what is under way is saved. */
  get known(): Data {
    const data = this.#current.state === 'active' ? this.#current.data : nothing
    return this.#saving === undefined ? data : this.#saving.over(data)
  }

  /** The value of a key as it will be once the request is over. */
  read(key: string): Json | undefined {
    const { known } = this
    if (this.#pending !== undefined) return this.#pending.read(key, known)
    return Object.hasOwn(known, key) ? known[key] : undefined
  }

  /** Whether this request has changed a key and not saved it yet. */
  changes(key: string): boolean {
    return this.#pending?.changes(key) === true
  }

  /** Whether this request has changed anything that is not saved yet. */
  get isChanged(): boolean {
    return this.#pending !== undefined
  }

  /** Where changes are gathered. The answer waits for them from now on. */
  get pending(): Pending {
    if (this.#pending !== undefined) return this.#pending
    this.#mayChange()
    if (this.keeps) this.#hold(this.session === null)
    return (this.#pending = new Pending())
  }

  /** Takes what was not saved, so that it is saved elsewhere or dropped. */
  takePending(): Pending | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return pending
  }

  /** Puts back what was taken, unless something newer is there. */
  putBack(pending: Pending | undefined): void {
    this.#pending ??= pending
  }

  /**
   * Does something that the answer waits for, after all that was asked for before. Where it fails and nobody has waited for
   * it, `finish()` does: the answer would claim what never happened.
   */
  act<T>(setsCookie: boolean, act: () => Promise<T>): Promise<T> {
    try {
      this.#hold(setsCookie)
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#takeTurn(() => {
      this.#mayChange()
      return act()
    })
  }

  save(): Promise<void> {
    return this.#takeTurn(() => this.write())
  }

  /** Saves what is pending; a guest's session begins with it. Throws `session_gone` where the session ended meanwhile. */
  async write(): Promise<void> {
    if (!this.keeps) return
    const pending = this.takePending()
    if (pending === undefined) return
    const { session, facts, known } = this
    this.#saving = pending
    try {
      const data = pending.data()
      if (session !== null) this.learn(await this.engine.data.write(session.id, pending.patch(), known))
      else if (data !== undefined) this.adopt(await this.engine.start({ request: facts, data }))
    } finally {
      this.#saving = undefined
    }
  }

  /** The same; where the guest's session is gone, what was written stays pending and goes into the next one. */
  async writeIfLive(): Promise<void> {
    const pending = this.#pending
    try {
      await this.write()
    } catch (error) {
      if (!(error instanceof SessionError) || error.code !== 'session_gone') throw error
      this.#pending = pending
    }
  }

  /** Makes sure that there is a session, and that what is pending is in it. */
  async persist(): Promise<string> {
    await this.write()
    if (this.session === null) this.adopt(await this.engine.start({ request: this.facts }))
    return this.session?.id as string
  }

  /** What a write has shown of the data. */
  learn(data: Data): void {
    if (this.#current.state === 'active') this.#current = { ...this.#current, data }
  }

  /** A session has begun, or a login that is not complete: it is the request's from now on. */
  adopt(started: Started): void {
    this.#current = begun(started)
    this.#answer.begin(started)
    if (this.#settings.expiresHeader) this.#tellExpiry()
  }

  /** The session goes on under another token. */
  renew(renewed: Active & { readonly token: Token }): void {
    this.#current = { ...renewed, token: null }
    this.#answer.renew(renewed.token, renewed)
    if (this.#settings.expiresHeader) this.#tellExpiry()
  }

  /** What the client is remembered by restores nothing any more, whatever has become of its session. */
  async forgetDevice(): Promise<void> {
    for (const refresh of refreshesIn(this.#settings, this.#exchange.header('cookie')))
      await this.engine.forgetDevice(refresh)
  }

  /** Somebody logs out: the client forgets session and device, and is another visitor. */
  forget(): void {
    const { session } = this
    const now = this.engine.now()
    const loggedOut = session !== null && session.subject !== null
    this.#pending = undefined
    if (this.#settings.expiresHeader && session !== null) this.#tell(now, now)
    this.#current = nobody
    this.#answer.clear()
    if (loggedOut) this.#visitorId.renew({ ended: null, loggedOut })
  }

  /**
   * Saves, and puts the cookies on the answer; `undefined` where there is nothing to do. Throws where that fails, or where
   * an act did that nobody waited for.
   */
  finish(): Promise<void> | undefined {
    const isUnchanged = this.#pending === undefined || !this.keeps
    const idle = isUnchanged && this.#turns === undefined && this.#cookies?.waiting !== true
    if (idle) return undefined
    return this.save()
      .finally(() => this.#turns?.refuseUnheard())
      .finally(() => this.#cookies?.send())
  }

  #takeTurn<T>(act: () => Promise<T>): Promise<T> {
    this.#turns ??= new Turns()
    return this.#turns.take(act)
  }

  get #answer(): AnswerCookies {
    return (this.#cookies ??= new AnswerCookies(this.engine, this.#settings, this.#exchange))
  }

  get #visitorId(): VisitorId {
    return (this.#visitor ??= new VisitorId(this.engine, this.#settings, this.#exchange, (visitor) => {
      this.#hold(true)
      this.#answer.visit(visitor)
    }))
  }

  /** Of a session that will be restored nobody has been logged out. */
  #visitorFacts(): VisitorFacts {
    const current = this.#current
    if (current.state !== 'ended' || 'restorable' in current) return { ended: null, loggedOut: false }
    const { session, reason, endedAt: at } = current
    return { ended: { subject: session.subject, reason, at }, loggedOut: false }
  }

  #tellExpiry(): void {
    const current = this.#current
    if (current.state === 'ended') this.#tell(current.endedAt, current.endedAt)
    if (current.state === 'active') this.#tell(this.expiresAt, current.session.expiresAt)
  }

  #tell(idle: Instant | null, absolute: Instant | null): void {
    const now = this.engine.now()
    this.#exchange.appendHeader('Session-Expires', sessionExpires({ idle, absolute, now }))
  }

  /** A guest of an outage writes nothing: the store may be back by then, and a new cookie would cost the old session. */
  #mayChange(): void {
    if (this.#current.state !== 'none') return
    if (this.#current.cause === 'unavailable')
      throw new SessionError('store_unavailable', 'the session store was down when this request came')
    if (this.#current.cause === 'ignored')
      throw invalidOption('activity', 'no rule that ignores a request which changes its session', 'ignored')
  }
}
