import type { ActivityClass } from '../core/activity.ts'
import { SessionError } from '../core/errors.ts'
import type { RequestFacts } from '../core/session.ts'
import type { Awaitable } from '../core/store.ts'
import type { Shape } from '../engine/context.ts'
import type { Engine } from '../engine/index.ts'
import { whenAnswered } from '../engine/store-call.ts'
import type { Verification } from '../engine/verify.ts'
import { activityIn } from './activity.ts'
import { cookieValues } from './cookie.ts'
import { hidesOrigin, isSafe, mayChangeState } from './csrf.ts'
import type { Exchange, Hold, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { addressOf, originOf } from './origin.ts'
import { errorReply, problem } from './reply.ts'
import type { Opened } from './opened.ts'
import { RequestSession } from './request-session.ts'
import { refreshesIn, restored } from './restore.ts'
import { Visit } from './visit.ts'

/**
 * Begins a request: the visit of whoever sent it, or a reply that ends it here (another site's request, a store that is
 * down). Answers at once where the store does. `hold` is called when the answer must wait for the visit's `finish()`.
 */
export function openVisit<D extends object = Shape>(
  engine: Engine,
  settings: WebSettings,
  exchange: Exchange,
  hold: Hold,
): Awaitable<Visit<D> | Reply> {
  return new Opening<D>(engine, settings, exchange, hold).open()
}

/** How one request begins. A class, since a function for each of its ways out would be made with every request. */
class Opening<D extends object> {
  readonly #engine: Engine
  readonly #settings: WebSettings
  readonly #exchange: Exchange
  readonly #hold: Hold
  readonly #activity: ActivityClass
  readonly #facts: RequestFacts
  readonly #refreshes: readonly string[]

  constructor(engine: Engine, settings: WebSettings, exchange: Exchange, hold: Hold) {
    this.#engine = engine
    this.#settings = settings
    this.#exchange = exchange
    this.#hold = hold
    this.#activity = activityIn(exchange, settings.activity)
    this.#facts = {
      userAgent: exchange.header('user-agent') ?? null,
      ip: addressOf(exchange, settings.trustProxy),
      passive: this.#activity !== 'active',
    }
    this.#refreshes = refreshesIn(settings, exchange.header('cookie'))
  }

  open(): Awaitable<Visit<D> | Reply> {
    const settings = this.#settings
    const exchange = this.#exchange
    const cookies = exchange.header('cookie')
    const values = cookieValues(cookies, settings.cookie)
    const hasCookie = values.length > 0 || this.#refreshes.length > 0
    if (settings.refuseCrossSite && !isSafe(exchange.method)) {
      exchange.appendHeader('Vary', 'Origin, Sec-Fetch-Site')
      const { origin } = originOf(exchange, settings.trustProxy)
      if (!mayChangeState(exchange, origin, hasCookie) && !settings.acceptCrossSite(exchange))
        return hidesOrigin(exchange) ? noOrigin : crossSite
    }
    // No session is read, so the answer is the same for everybody.
    if (this.#activity === 'ignored') return this.#visit(ignored)
    exchange.appendHeader('Vary', 'Cookie')
    if (hasCookie) exchange.appendHeader('Cache-Control', 'no-store')
    try {
      const verified = verifyAny(this.#engine, settings, values, cookies, this.#facts)
      if (!(verified instanceof Promise)) return this.#go(verified)
      return verified.then((found) => this.#go(found)).catch((error: unknown) => this.#failed(error))
    } catch (error) {
      return this.#failed(error)
    }
  }

  #visit(opened: Opened): Visit<D> {
    return new Visit<D>(
      new RequestSession(this.#engine, this.#settings, this.#exchange, this.#facts, opened, this.#hold),
    )
  }

  #go(verified: Verification): Awaitable<Visit<D> | Reply> {
    if (rank[verified.state] >= rank.pending || this.#refreshes.length === 0) return this.#visit(verified)
    if (this.#facts.passive) return this.#visit(whenPassive(verified))
    return restored(this.#engine, this.#exchange, this.#refreshes, this.#facts, verified).then(
      (opened) => ('body' in opened ? opened : this.#visit(opened)),
      (error: unknown) => this.#failed(error),
    )
  }

  #failed(error: unknown): Visit<D> | Reply {
    if (!(error instanceof SessionError)) throw error
    if (error.code === 'store_unavailable')
      return this.#settings.serveWithoutStore(this.#exchange)
        ? this.#visit({ state: 'none', cause: 'unavailable' })
        : errorReply(error)
    // A record that was damaged opens nothing; whoever held it can log in anew.
    if (error.code !== 'invalid_data') throw error
    this.#settings.report(error)
    return this.#visit({ state: 'none', cause: 'unknown' })
  }
}

/** Whether what `openVisit` gave ends the request. */
export function isReply(opened: object): opened is Reply {
  return 'body' in opened
}

/** Nobody is there to restore a session for; that is left to a request of a person. */
function whenPassive(verified: Verification): Opened {
  const timedOut = verified.state === 'ended' && verified.reason === 'idle_timeout'
  return timedOut ? { ...verified, restorable: true } : verified
}

/** Verifies the cookie; where there is none, the one of the former name, whose token the answer gives its new name. */
function verifyAny(
  engine: Engine,
  { formerCookie }: WebSettings,
  values: readonly string[],
  cookies: string | undefined,
  facts: RequestFacts,
): Awaitable<Verification> {
  const former = values.length > 0 || !formerCookie ? undefined : cookieValues(cookies, formerCookie)[0]
  if (former === undefined) return verifyBest(engine, values, facts)
  return whenAnswered(engine.verify(former, facts), (verified) =>
    verified.state === 'active' && verified.replaced === undefined
      ? { ...verified, token: verified.token ?? engine.parse(former) ?? null }
      : verified,
  )
}

/** Of several cookies of one name the one that opens most counts, and of those the first. */
const rank = { active: 3, pending: 2, ended: 1, none: 0 } as const

function verifyBest(engine: Engine, values: readonly string[], facts: RequestFacts): Awaitable<Verification> {
  const first = engine.verify(values[0], facts)
  if (values.length < 2) return first
  return whenAnswered(first, (found) => {
    if (found.state === 'active') return found
    return whenAnswered(verifyBest(engine, values.slice(1), facts), (later) =>
      rank[later.state] > rank[found.state] ? later : found,
    )
  })
}

const ignored: Opened = { state: 'none', cause: 'ignored' }
const crossSite = errorReply(new SessionError('cross_site_request', 'a request from another site'))
const noOrigin = problem(
  403,
  'cross_site_request',
  'origin_missing',
  'A request that carries a cookie and changes something must say where it comes from: send Origin with the origin of this site.',
)
