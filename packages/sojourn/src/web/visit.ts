import { type Freshness, type FreshnessAnswer, requireFresh } from '../core/assurance.ts'
import { SessionError } from '../core/errors.ts'
import type { EndReason, Instant, Session } from '../core/session.ts'
import { type LoginInput, logIn } from './log-in.ts'
import type { RefusalReason } from './reply.ts'
import type { RequestSession } from './request-session.ts'
import { type Shape, VisitData } from './visit-data.ts'

/**
 * The session as one request sees it: `req.session`. Whose it is, and what to do with it; a login and a logout, like what
 * is written, are in the store before the first byte of the answer leaves.
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

  /** Why and when the presented session ended, for whoever held its cookie; else `null`. */
  get ended(): { readonly reason: EndReason; readonly at: Instant } | null {
    const { current } = this.#request
    return current.state === 'ended' ? { reason: current.reason, at: current.endedAt } : null
  }

  /** The last valid moment if no further request comes; `null`: none is set, or there is no session. */
  get expiresAt(): Instant | null {
    return this.#request.expiresAt
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
   * as `replaced_at_login`. Throws `login_refused_by_limit` or `login_disabled_by_limit`; nothing has changed then.
   */
  async login<Method extends string>(subject: string, how: LoginInput<Method> = {}): Promise<void> {
    if (typeof subject !== 'string' || subject === '' || subject.length > 256)
      throw new SessionError('invalid_data', 'login: expected a subject of 1 to 256 characters')
    await this.#request.act(true, () => logIn(this.#request, subject, how))
  }

  /** Logs out here, or on every device, and forgets the device. Whatever was not saved is dropped. */
  async logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    const request = this.#request
    await request.act(true, async () => {
      const { current, engine } = request
      if (current.state === 'active') {
        const { id, subject } = current.session
        const which = everywhere && subject !== null ? { subject } : { id }
        await engine.end(which, 'user_logout', subject ?? undefined)
      }
      // Its refresh token may still be good.
      if (current.state === 'ended') await engine.end({ id: current.session.id }, 'user_logout')
      request.forget()
    })
  }

  /** Saves what was written so far. The adapter does it before the answer leaves. Throws `session_gone` where the session ended meanwhile. */
  async save(): Promise<void> {
    await this.#request.save()
  }

  /**
   * Waits for what is under way, saves, and puts the session's cookie on the answer. For adapters. At once `undefined`
   * where there was nothing to do; such an answer may be kept by caches as its handler says, any other by none.
   */
  finish(): Promise<void> | undefined {
    return this.#request.finish()
  }
}
