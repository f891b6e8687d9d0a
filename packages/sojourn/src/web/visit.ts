import { SessionError } from '../core/errors.ts'
import type { Policy } from '../core/policy.ts'
import type { Data, EndReason, Instant, Json, RequestFacts, Session } from '../core/session.ts'
import type { Awaitable, Patch } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'
import type { Started, StartInput } from '../engine/start.ts'
import type { Token } from '../engine/token.ts'
import type { Verification } from '../engine/verify.ts'
import { clearCookie, setCookie } from './cookie.ts'
import type { Exchange } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { isLoopback, originOf } from './origin.ts'
import { Pending } from './pending.ts'
import { noStore, type RefusalReason } from './reply.ts'

/** How somebody logged in; see `StartInput`. */
export type LoginInput = Pick<
  StartInput,
  'method' | 'amr' | 'assurance' | 'app' | 'roles' | 'parent' | 'actor'
>

/** The keys and values that an application keeps in a session. */
export type Shape = { readonly [key: string]: unknown }

const flashPrefix = 'flash:'

/**
 * The session as one request sees it: `req.session`. Reading costs nothing. Writes are gathered by key and saved before
 * the first byte of the answer leaves; `login` and `logout` act at once. A guest has no session until something is written.
 */
export class Visit<D extends object = Shape> {
  readonly #engine: Engine
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  readonly #facts: RequestFacts
  /** Told before there is something to save; throws where the answer has left. */
  readonly #onDirty: () => void
  #verification: Verification
  #pending: Pending | undefined
  readonly #isPrivate: boolean
  #begun = false

  constructor(
    engine: Engine,
    settings: WebSettings,
    exchange: Exchange,
    facts: RequestFacts,
    verification: Verification,
    isPrivate: boolean,
    onDirty: () => void,
  ) {
    this.#engine = engine
    this.#settings = settings
    this.#exchange = exchange
    this.#facts = facts
    this.#verification = verification
    this.#isPrivate = isPrivate
    this.#onDirty = onDirty
    if (verification.state === 'active' && verification.token !== null)
      this.#sendToken(verification.token, verification)
  }

  /** The live session's public record, or `null`. */
  get session(): Session | null {
    return this.#verification.state === 'active' ? this.#verification.session : null
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
    const verification = this.#verification
    return verification.state === 'ended' ? { reason: verification.reason, at: verification.endedAt } : null
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
    const value = this.#pending === undefined ? this.#known()[key] : this.#pending.read(key, this.#known())
    return value as D[K] | undefined
  }

  /** Replaces the value of one key. Throws `invalid_data` or `data_too_large` at once where it does not fit. */
  set<K extends keyof D & string>(key: K, value: D[K]): void {
    this.#change().set(key, value, this.#known())
  }

  delete(key: keyof D & string): void {
    this.#change().delete(key)
  }

  /** Adds to a number; concurrent requests sum. */
  add(key: keyof D & string, amount = 1): void {
    this.#change().add(key, amount, this.#known())
  }

  /** Reads and writes in one step: nobody else's write comes between. Saves what is pending first. */
  async update<K extends keyof D & string>(key: K, change: (value: D[K] | undefined) => D[K]): Promise<D[K]> {
    const id = await this.#persist()
    const data = await this.#engine.data.update(id, (data) => ({
      set: { [key]: change(data[key] as D[K] | undefined) as Json },
    }))
    this.#learn(data)
    return data[key] as D[K]
  }

  /** Leaves a message that is read exactly once, also after a redirect. */
  flash(name: string, message: Json): void {
    this.#change().set(flashPrefix + name, message, this.#known())
  }

  /** Takes a message that `flash` left; of requests that run at once, one gets it. */
  async takeFlash(name: string): Promise<Json | undefined> {
    const key = flashPrefix + name
    const unsaved = this.#pending?.read(key, {})
    if (unsaved !== undefined) this.#pending?.delete(key)
    if (unsaved !== undefined || this.id === null || this.#known()[key] === undefined) return unsaved
    let taken: Json | undefined
    const data = await this.#engine.data.update(this.id, (data): Patch | undefined => {
      taken = data[key]
      return taken === undefined ? undefined : { delete: [key] }
    })
    this.#learn(data)
    return taken
  }

  /**
   * Logs in: always under a new id and a new token. A guest's data comes along; a session that was logged in already ends
   * as `replaced_at_login`. Throws `login_refused_by_limit` or `login_disabled_by_limit`; nothing has changed then.
   */
  async login(subject: string, how: LoginInput = {}): Promise<void> {
    if (typeof subject !== 'string' || subject === '' || subject.length > 256)
      throw new SessionError('invalid_data', 'login: expected a subject of 1 to 256 characters')
    this.#beginAnswer()
    const before = this.session
    if (before !== null && before.subject === null) await this.save()
    const input = { ...how, subject, request: this.#facts, data: this.#pending?.data() ?? {} }
    const upgraded =
      before !== null && before.subject === null ? await this.#engine.upgrade(before.id, input) : undefined
    const replaces =
      before === null ? {} : { replaces: { id: before.id, reason: 'replaced_at_login' as const } }
    const started = upgraded ?? (await this.#engine.start({ ...input, ...replaces }))
    this.#adopt(started)
  }

  /** Logs out here, or on every device. Whatever was not saved is dropped. */
  async logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    this.#beginAnswer()
    const { session } = this
    this.#pending = undefined
    if (session !== null) {
      const all = everywhere && session.subject !== null
      const by = session.subject ?? undefined
      await this.#engine.end({ id: session.id }, 'user_logout', by)
      if (all) await this.#engine.end({ subject: session.subject }, 'user_logout', by)
    }
    this.#verification = { state: 'none', cause: 'absent' }
    this.#exchange.appendHeader('Set-Cookie', clearCookie(this.#settings.cookie, this.#engine.policy))
  }

  /** Saves what was written; the adapter calls it before the answer leaves. Throws `session_gone` where the session ended meanwhile. */
  save(): Awaitable<void> {
    if (this.#pending === undefined || this.#pending.isEmpty) return undefined
    return this.#write(this.#pending)
  }

  async #write(pending: Pending): Promise<void> {
    this.#pending = undefined
    if (this.id !== null) return this.#learn(await this.#engine.data.write(this.id, pending.patch()))
    this.#beginAnswer()
    this.#adopt(await this.#engine.start({ request: this.#facts, data: pending.data() }))
  }

  /** Makes sure that there is a session, and that what is pending is in it. */
  async #persist(): Promise<string> {
    await this.save()
    if (this.id === null) {
      this.#beginAnswer()
      this.#adopt(await this.#engine.start({ request: this.#facts }))
    }
    return this.id as string
  }

  #known(): Data {
    return this.#verification.state === 'active' ? this.#verification.data : {}
  }

  #change(): Pending {
    if (this.#pending === undefined) {
      this.#onDirty()
      this.#pending = new Pending()
    }
    return this.#pending
  }

  #learn(data: Data): void {
    if (this.#verification.state === 'active') this.#verification = { ...this.#verification, data }
  }

  #adopt({ session, token, policy, data }: Started): void {
    this.#pending = undefined
    this.#verification = {
      state: 'active',
      session,
      data,
      policy,
      expiresAt: null,
      token: null,
      caution: null,
    }
    this.#sendToken(token, { policy, session })
  }

  #sendToken(
    token: Token,
    { policy, session }: { readonly policy: Policy; readonly session: Session },
  ): void {
    this.#beginAnswer()
    const { cookiePersistent } = policy
    const until = cookiePersistent ? { until: { now: this.#engine.now(), expiresAt: session.expiresAt } } : {}
    this.#warnWhereLost()
    this.#exchange.appendHeader(
      'Set-Cookie',
      setCookie({
        name: this.#settings.cookie,
        value: token.reveal(),
        policy: this.#engine.policy,
        ...until,
      }),
    )
  }

  /** A `Secure` cookie over plain HTTP is dropped by the browser without a word, so we say it. */
  #warnWhereLost(): void {
    const { scheme, host } = originOf(this.#exchange, this.#settings.trustProxy)
    if (scheme === 'https' || isLoopback(host)) return
    this.#settings.warn(
      'scheme',
      `a Secure session cookie was set on ${scheme}://${host}, where browsers drop it. Behind a proxy that ends TLS, ` +
        `set trustProxy to the number of proxies and let them send X-Forwarded-Proto: https; else serve over HTTPS`,
    )
  }

  /** Marks the answer as one that changes a session. Throws `response_started`, before anything is done, where it has left. */
  #beginAnswer(): void {
    if (this.#begun) return
    try {
      if (!this.#isPrivate) this.#exchange.appendHeader(...noStore)
      this.#exchange.appendHeader('Vary', 'Origin, Sec-Fetch-Site')
    } catch (cause) {
      throw new SessionError(
        'response_started',
        'the answer has left already: log in, log out and write before it',
        { cause },
      )
    }
    this.#begun = true
  }
}
