import { type Freshness, type FreshnessAnswer, requireFresh } from '../core/assurance.ts'
import type { Proof } from '../core/elevate.ts'
import { SessionError } from '../core/errors.ts'
import type { Choice } from '../core/pending-login.ts'
import type { EndReason, Instant, Session } from '../core/session.ts'
import type { ActivateInput } from '../engine/activate.ts'
import type { Shape } from '../engine/context.ts'
import type { Engine } from '../engine/index.ts'
import type { Renewed } from '../engine/renew.ts'
import { sessionExpires } from './expires-header.ts'
import { type LoginInput, logIn } from './log-in.ts'
import type { RefusalReason } from './refusal-reason.ts'
import type { RequestSession } from './request-session.ts'
import { VisitData } from './visit-data.ts'

/**
 * The session as one request sees it: `req.session`. Whose it is, and what to do with it; a login and a logout, like what
 * is written, are in the store before the first byte of the answer leaves. What fails without anybody having waited for it
 * fails the answer.
 */
export class Visit<D extends object = Shape> extends VisitData<D> {
  readonly #request: RequestSession

  constructor(request: RequestSession) {
    super(request)
    this.#request = request
  }

  /** The live session's public record, or `null`. */
  get session(): Session | null {
    return this.#request.session
  }

  /** The public id, or `null`. It may be shown; it opens nothing. */
  get id(): string | null {
    return this.session?.id ?? null
  }

  /** Whose session it is; `null` for a guest. */
  get subject(): string | null {
    return this.session?.subject ?? null
  }

  /** The subject of whoever acts as `subject` here; `null`: nobody acts as somebody else. */
  get actor(): string | null {
    return this.session?.actor ?? null
  }

  get isLoggedIn(): boolean {
    return this.subject !== null
  }

  /**
   * Names the browser between several orders, whoever is signed in, for up to a year; another one once somebody was logged
   * out. It opens nothing: it may stand in a page and with an order. A browser that was never asked has none, and gets it,
   * in a cookie, with this answer.
   */
  get visitorUid(): string {
    return this.#request.visitorUid
  }

  /**
   * Why and when the presented session ended, for whoever held its cookie; else `null`. `restorable`: it timed out, the device
   * is remembered, and this request restores nothing because it is no person's; their next one does.
   */
  get ended(): { readonly reason: EndReason; readonly at: Instant; readonly restorable: boolean } | null {
    const { current } = this.#request
    if (current.state !== 'ended') return null
    return { reason: current.reason, at: current.endedAt, restorable: 'restorable' in current }
  }

  /** The last valid moment if no further request comes; `null`: none is set, or there is no session. */
  get expiresAt(): Instant | null {
    return this.#request.expiresAt
  }

  /**
   * What the page of somebody signed in is told of the end of its session, for its countdown: the value of
   * `Session-Expires`. On a device that is remembered there is none, since the next request goes on.
   */
  get expires(): string {
    const { session, expiresAt } = this.#request
    const now = this.#request.engine.now()
    const isRemembered = typeof session?.rememberedUntil === 'number'
    if (session === null || isRemembered) return sessionExpires({ idle: null, absolute: null, now })
    return sessionExpires({ idle: expiresAt, absolute: session.expiresAt, now })
  }

  /** Why a login is asked for. */
  get refusalReason(): RefusalReason {
    return this.ended?.reason ?? 'login_required'
  }

  /** Whether the login behind the session is as new and as strong as something sensitive needs; if not, why. */
  freshness(need: Freshness): FreshnessAnswer {
    const { current, engine } = this.#request
    if (current.state === 'active') return requireFresh(current.session, need, engine.now(), current.caution)
    const nobody = { subject: null, assurance: 0, authenticatedAt: null, factors: [] } as const
    return requireFresh(nobody, need, engine.now())
  }

  /**
   * Logs in: always under a new id and a new token. A guest's data comes along; a session that was logged in already ends
   * as `replaced_at_login`. Throws `login_refused_by_limit` or `login_disabled_by_limit`; nothing has changed then. Where
   * the limit asks the person (`ask-user`), the login waits, and what they are asked is returned; else `null`. Throws
   * `fetched_ahead` where the browser fetches the page before its person has asked for it.
   */
  login<Method extends string>(subject: string, how: LoginInput<Method> = {}): Promise<Choice | null> {
    return this.#begin(async () => {
      if (typeof subject !== 'string' || subject === '' || subject.length > 256 || !subject.isWellFormed())
        throw new SessionError('invalid_data', 'login: expected a subject of 1 to 256 characters')
      return logIn(this.#request, subject, how)
    })
  }

  /**
   * A login that is not complete, and what it waits for: until then the request is nobody's. `session`: its record, with
   * what its first step has shown, for the step that it waits for. `null`: there is none.
   */
  get waiting(): {
    readonly for: 'step' | 'choice'
    readonly until: Instant | null
    readonly session: Session
  } | null {
    const { current } = this.#request
    if (current.state !== 'pending') return null
    return { for: current.waitsFor, until: current.expiresAt, session: current.session }
  }

  /** The last step of a login that was begun with `pending`. As `login`; throws `no_session` where none waits for a step. */
  activate(how: Omit<ActivateInput, 'request'> = {}): Promise<Choice | null> {
    const request = this.#request
    return this.#begin(async () => {
      const { current, engine, facts } = request
      const started =
        current.state === 'pending'
          ? await engine.activate(current.session.id, { ...how, request: facts })
          : undefined
      if (started === undefined) throw new SessionError('no_session', 'activate: no login waits for a step')
      request.adopt(started)
      return started.choice
    })
  }

  /** What somebody at their limit is asked; `null`: nothing, or no longer. */
  async choice(): Promise<Choice | null> {
    const { current, engine } = this.#request
    return current.state === 'pending' ? ((await engine.choice(current.session.id)) ?? null) : null
  }

  /**
   * Ends the session that somebody at their limit has chosen, and completes their login in its place; without an id, where
   * one has ended meanwhile. `asked_again`: there is still one too many. `not_found`: it is none of theirs.
   */
  choose(endId?: string): Promise<'logged_in' | 'asked_again' | 'not_found' | 'not_waiting'> {
    const request = this.#request
    return this.#begin(async () => {
      const { current, engine } = request
      if (current.state !== 'pending') return 'not_waiting'
      const choosing = await engine.choose(current.session.id, endId)
      if (choosing.state !== 'started') return choosing.state
      request.adopt(choosing.started)
      return this.isLoggedIn ? 'logged_in' : 'asked_again'
    })
  }

  /**
   * For a hidden field of a form, where a site wants a token beside the check of where a request comes from. It is good in this
   * session alone, a guest's too, as long as it lasts; `null`: there is no session. Throws `invalid_option` without a `secret`.
   */
  get formToken(): string | null {
    const { session, engine } = this.#request
    return session === null ? null : engine.formToken(session.id)
  }

  /** Whether a form was made in this very session. Answers no where there is none. */
  isFormToken(presented: unknown): boolean {
    const { session, engine } = this.#request
    return session !== null && engine.isFormToken(session.id, presented)
  }

  /** Notes that factors of the subject were verified just now. The token is replaced. Throws `no_session` for a guest. */
  elevate(proof: Proof): Promise<void> {
    return this.#renew((engine, id) => engine.elevate(id, proof))
  }

  /** Replaces the token at once, where what its session may do has changed. Throws `no_session` where there is none. */
  renew(): Promise<void> {
    return this.#renew((engine, id) => engine.renew(id))
  }

  /**
   * Logs out here, or on every device, and forgets the device. Whatever was not saved is dropped. Somebody who acts as
   * another leaves only the session in which they do, as themselves: the other's own sessions are not theirs to end.
   */
  logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    const request = this.#request
    return request.act(true, async () => {
      const { current, engine } = request
      if (current.state === 'active') {
        const { id, subject, actor } = current.session
        const which = everywhere && subject !== null && actor === null ? { subject } : { id }
        await engine.end(which, 'user_logout', actor ?? subject ?? undefined)
      }
      if (current.state === 'pending') await engine.end({ id: current.session.id }, 'user_logout')
      await request.forgetDevice()
      request.forget()
    })
  }

  /** Saves what was written so far. The adapter does it before the answer leaves. Throws `session_gone` where the session ended meanwhile. */
  save(): Promise<void> {
    return this.#request.save()
  }

  /**
   * Waits for what is under way, saves, and puts the session's cookie on the answer. For adapters. At once `undefined`
   * where there was nothing to do; such an answer may be kept by caches as its handler says, any other by none.
   */
  finish(): Promise<void> | undefined {
    return this.#request.finish()
  }

  /** No session begins without an act of its person (ASVS 7.6.2). */
  #begin<T>(act: () => Promise<T>): Promise<T> {
    return this.#request.act(true, async () => {
      if (this.#request.isAhead)
        throw new SessionError('fetched_ahead', 'a page that is fetched ahead logs nobody in; load it again')
      return act()
    })
  }

  #renew(renew: (engine: Engine, id: string) => Promise<Renewed | undefined>): Promise<void> {
    const request = this.#request
    return request.act(true, async () => {
      const { session, engine } = request
      const renewed = session === null ? undefined : await renew(engine, session.id)
      if (renewed === undefined) throw new SessionError('no_session', 'renew: nobody is logged in')
      request.renew(renewed)
    })
  }
}
