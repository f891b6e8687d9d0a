import { SessionError } from '../core/errors.ts'
import type { EphemeralMethod } from '../core/remember.ts'
import type { Data, EndReason, Instant, Json, RequestFacts, Session } from '../core/session.ts'
import type { Patch } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'
import type { Started, StartInput } from '../engine/start.ts'
import type { Verification } from '../engine/verify.ts'
import { AnswerCookies } from './answer-cookies.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { Pending } from './pending.ts'
import type { RefusalReason } from './reply.ts'
import { Turns } from './turns.ts'

/** How somebody logged in; see `StartInput`. A method that proves who somebody is for this visit alone is not remembered. */
export type LoginInput<Method extends string = string> = Pick<
  StartInput,
  'amr' | 'assurance' | 'app' | 'roles' | 'parent' | 'actor'
> & { readonly method?: Method; readonly remember?: Method extends EphemeralMethod ? false : boolean }

/** The keys and values that an application keeps in a session. */
export type Shape = { readonly [key: string]: unknown }

/** What is known of the request's session; `unavailable`: the store is down, and the request is served as a guest's. */
export type Opened =
  | Verification
  | { readonly state: 'restored'; readonly started: Started }
  | { readonly state: 'none'; readonly cause: 'unavailable' }

/**
 * Makes the answer wait for the visit's `finish()`. Throws `response_started` where the answer has left, or, where a cookie
 * is to be set, where its headers have.
 */
export type Hold = (setsCookie: boolean) => void

const flashPrefix = 'flash:'
const nothing: Data = Object.freeze(Object.create(null) as Data)

/**
 * The session as one request sees it: `req.session`. Reading costs nothing. Writes are gathered by key; they, a login and
 * a logout are in the store before the first byte of the answer leaves. A guest has no session until something is written.
 */
export class Visit<D extends object = Shape> {
  readonly #engine: Engine
  readonly #facts: RequestFacts
  readonly #hold: Hold
  readonly #turns = new Turns()
  readonly #cookies: AnswerCookies
  #opened: Exclude<Opened, { state: 'restored' }> = { state: 'none', cause: 'absent' }
  #pending: Pending | undefined

  constructor(
    engine: Engine,
    settings: WebSettings,
    exchange: Exchange,
    facts: RequestFacts,
    opened: Opened,
    hold: Hold,
  ) {
    this.#engine = engine
    this.#cookies = new AnswerCookies(engine, settings, exchange)
    this.#facts = facts
    this.#hold = hold
    if (opened.state === 'restored') {
      hold(true)
      this.#adopt(opened.started)
      return
    }
    this.#opened = opened
    if (opened.state === 'active' && opened.token !== null) {
      hold(true)
      this.#cookies.renew(opened.token, opened)
    }
  }

  /** The live session's public record, or `null`. */
  get session(): Session | null {
    return this.#opened.state === 'active' ? this.#opened.session : null
  }

  /** The public id, or `null`. It may be shown; it opens nothing. */
  get id(): string | null {
    return this.session?.id ?? null
  }

  /** Whose session it is; `null` for a guest. */
  get subject(): string | null {
    return this.session?.subject ?? null
  }

  get isLoggedIn(): boolean {
    return this.subject !== null
  }

  /** Why and when the presented session ended, for whoever held its cookie; else `null`. */
  get ended(): { readonly reason: EndReason; readonly at: Instant } | null {
    const opened = this.#opened
    return opened.state === 'ended' ? { reason: opened.reason, at: opened.endedAt } : null
  }

  /** The last valid moment if no further request comes; `null`: none is set, or there is no session. */
  get expiresAt(): Instant | null {
    const { session } = this
    return session === null ? null : this.#engine.expiresAt(session, !this.#facts.passive)
  }

  /** Why a login is asked for. */
  get refusalReason(): RefusalReason {
    return this.ended?.reason ?? 'login_required'
  }

  get<K extends keyof D & string>(key: K): D[K] | undefined {
    return this.#read(key) as D[K] | undefined
  }

  /** Replaces the value of one key. Throws `invalid_data` or `data_too_large` at once where it does not fit. */
  set<K extends keyof D & string>(key: K, value: D[K]): void {
    this.#change().set(key, value, this.#known())
  }

  delete(key: keyof D & string): void {
    this.#change().delete(key)
  }

  /** Adds to a number; concurrent requests sum. Throws `not_a_number` where it is another value. */
  add(key: keyof D & string, amount = 1): void {
    this.#change().add(key, amount, this.#known())
  }

  /**
   * Reads and writes in one step: nobody else's write comes between. Saves what is pending first. `change` may be called
   * again where somebody else was faster.
   */
  async update<K extends keyof D & string>(key: K, change: (value: D[K] | undefined) => D[K]): Promise<D[K]> {
    return this.#act(this.id === null, async () => {
      const id = await this.#persist()
      const data = await this.#engine.data.update(id, (data) => ({
        set: { [key]: change(data[key] as D[K] | undefined) as Json },
      }))
      this.#learn(data)
      return data[key] as D[K]
    })
  }

  /** Leaves a message that is read exactly once, also after a redirect. */
  flash(name: string, message: Json): void {
    this.#change().set(flashPrefix + name, message, this.#known())
  }

  /** Takes a message that `flash` left; of requests that run at once, one gets it. */
  async takeFlash(name: string): Promise<Json | undefined> {
    const key = flashPrefix + name
    const message = this.#read(key)
    if (message === undefined) return undefined
    if (this.#pending?.changes(key) !== true) return this.#act(false, () => this.#take(key))
    this.#pending.delete(key)
    return message
  }

  /**
   * Logs in: always under a new id and a new token. A guest's data comes along; a session that was logged in already ends
   * as `replaced_at_login`. Throws `login_refused_by_limit` or `login_disabled_by_limit`; nothing has changed then.
   */
  async login<Method extends string>(subject: string, how: LoginInput<Method> = {}): Promise<void> {
    if (typeof subject !== 'string' || subject === '' || subject.length > 256)
      throw new SessionError('invalid_data', 'login: expected a subject of 1 to 256 characters')
    await this.#act(true, () => this.#logIn(subject, how))
  }

  /** Logs out here, or on every device. Whatever was not saved is dropped. */
  async logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    await this.#act(true, async () => {
      const { session } = this
      this.#pending = undefined
      if (session !== null) {
        const { id, subject } = session
        const which = everywhere && subject !== null ? { subject } : { id }
        await this.#engine.end(which, 'user_logout', subject ?? undefined)
      }
      this.#opened = { state: 'none', cause: 'absent' }
      this.#cookies.clear()
    })
  }

  /** Saves what was written so far. The adapter does it before the answer leaves. Throws `session_gone` where the session ended meanwhile. */
  async save(): Promise<void> {
    await this.#turns.take(() => this.#write())
  }

  /**
   * Waits for what is under way, saves, and puts the session's cookie on the answer. For adapters. At once `undefined`
   * where there was nothing to do; such an answer may be kept by caches as its handler says, any other by none.
   */
  finish(): Promise<void> | undefined {
    const idle = !this.#turns.used && this.#pending === undefined && !this.#cookies.waiting
    return idle ? undefined : this.save().finally(() => this.#cookies.send())
  }

  async #write(): Promise<void> {
    const pending = this.#pending
    if (pending === undefined) return
    this.#pending = undefined
    if (this.id !== null)
      return this.#learn(await this.#engine.data.write(this.id, pending.patch(), this.#known()))
    const data = pending.data()
    if (data !== undefined) this.#adopt(await this.#engine.start({ request: this.#facts, data }))
  }

  async #logIn(subject: string, how: LoginInput): Promise<void> {
    const before = this.session
    if (before?.subject === null) await this.#writeIfLive()
    const carried = this.#pending
    this.#pending = undefined
    try {
      // What was written for one subject is not another's.
      const mayCarry = before === null || before.subject === null || before.subject === subject
      const data = mayCarry ? (carried?.data() ?? {}) : {}
      const input = { ...how, subject, request: this.#facts, data }
      const upgraded = before?.subject === null ? await this.#engine.upgrade(before.id, input) : undefined
      const replaces = before && { replaces: { id: before.id, reason: 'replaced_at_login' as const } }
      this.#adopt(upgraded ?? (await this.#engine.start({ ...input, ...replaces })))
    } catch (error) {
      this.#pending ??= carried
      throw error
    }
  }

  /** Saves for a guest; where the guest's session is gone, what was written stays pending and goes into the next one. */
  async #writeIfLive(): Promise<void> {
    const pending = this.#pending
    try {
      await this.#write()
    } catch (error) {
      if (!(error instanceof SessionError) || error.code !== 'session_gone') throw error
      this.#pending = pending
    }
  }

  async #take(key: string): Promise<Json | undefined> {
    let taken: Json | undefined
    if (this.id === null) return undefined
    const data = await this.#engine.data.update(this.id, (data): Patch | undefined => {
      taken = data[key]
      return taken === undefined ? undefined : { delete: [key] }
    })
    this.#learn(data)
    return taken
  }

  /** Makes sure that there is a session, and that what is pending is in it. */
  async #persist(): Promise<string> {
    await this.#write()
    if (this.id === null) this.#adopt(await this.#engine.start({ request: this.#facts }))
    return this.id as string
  }

  #known(): Data {
    return this.#opened.state === 'active' ? this.#opened.data : nothing
  }

  #read(key: string): Json | undefined {
    const known = this.#known()
    if (this.#pending !== undefined) return this.#pending.read(key, known)
    return Object.hasOwn(known, key) ? known[key] : undefined
  }

  #change(): Pending {
    if (this.#pending !== undefined) return this.#pending
    this.#mustBeUp()
    this.#hold(this.id === null)
    return (this.#pending = new Pending())
  }

  #act<T>(setsCookie: boolean, act: () => Promise<T>): Promise<T> {
    this.#mustBeUp()
    this.#hold(setsCookie)
    return this.#turns.take(act)
  }

  /** A guest of an outage writes nothing: the store may be back by then, and a new cookie would cost the old session. */
  #mustBeUp(): void {
    if (this.#opened.state === 'none' && this.#opened.cause === 'unavailable')
      throw new SessionError('store_unavailable', 'the session store was down when this request came')
  }

  #learn(data: Data): void {
    if (this.#opened.state === 'active') this.#opened = { ...this.#opened, data }
  }

  #adopt(started: Started): void {
    const { session, policy, data } = started
    this.#opened = { state: 'active', session, data, policy, expiresAt: null, token: null, caution: null }
    this.#cookies.begin(started)
  }
}
