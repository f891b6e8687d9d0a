import { SessionError } from '../core/errors.ts'
import type { RequestFacts } from '../core/session.ts'
import type { Awaitable } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'
import { whenAnswered } from '../engine/store-call.ts'
import type { Verification } from '../engine/verify.ts'
import { isPassive } from './activity.ts'
import { cookieValues } from './cookie.ts'
import { isSafe, mayChangeState } from './csrf.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { addressOf, originOf } from './origin.ts'
import { errorReply } from './reply.ts'
import { type Hold, type Opened, type Shape, Visit } from './visit.ts'

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
  const values = cookieValues(exchange.header('cookie'), settings.cookie)
  if (settings.refuseCrossSite && !isSafe(exchange.method)) {
    exchange.appendHeader('Vary', 'Origin, Sec-Fetch-Site')
    const { origin } = originOf(exchange, settings.trustProxy)
    if (!mayChangeState(exchange, origin, values.length > 0)) return crossSite
  }
  exchange.appendHeader('Vary', 'Cookie')
  if (values.length > 0) exchange.appendHeader('Cache-Control', 'no-store')
  const facts: RequestFacts = {
    userAgent: exchange.header('user-agent') ?? null,
    ip: addressOf(exchange, settings.trustProxy),
    passive: isPassive(exchange),
  }
  const visit = (opened: Opened): Visit<D> => new Visit<D>(engine, settings, exchange, facts, opened, hold)
  const failed = (error: unknown): Visit<D> | Reply => {
    if (!(error instanceof SessionError)) throw error
    if (error.code === 'store_unavailable')
      return settings.serveWithoutStore(exchange)
        ? visit({ state: 'none', cause: 'unavailable' })
        : errorReply(error)
    // A record that was damaged opens nothing; whoever held it can log in anew.
    if (error.code !== 'invalid_data') throw error
    settings.report(error)
    return visit({ state: 'none', cause: 'unknown' })
  }
  try {
    const verified = verifyFirst(engine, values, facts)
    return verified instanceof Promise ? verified.then(visit, failed) : visit(verified)
  } catch (error) {
    return failed(error)
  }
}

/** Whether what `openVisit` gave ends the request. */
export function isReply(opened: object): opened is Reply {
  return 'body' in opened
}

/** Several cookies of one name: the first that opens a live session counts, wherever it stands; then the first that did. */
function verifyFirst(
  engine: Engine,
  values: readonly string[],
  facts: RequestFacts,
): Awaitable<Verification> {
  const [value, ...others] = values
  const first = engine.verify(value, facts)
  if (others.length === 0) return first
  return whenAnswered(first, (found) => {
    if (found.state === 'active') return found
    return whenAnswered(verifyFirst(engine, others, facts), (later) =>
      later.state === 'active' || found.state === 'none' ? later : found,
    )
  })
}

const crossSite = errorReply(new SessionError('cross_site_request', 'a request from another site'))
