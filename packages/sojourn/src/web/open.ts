import { SessionError } from '../core/errors.ts'
import type { RequestFacts } from '../core/session.ts'
import type { Awaitable } from '../core/store.ts'
import type { Engine } from '../engine/index.ts'
import { then } from '../engine/store-call.ts'
import type { Verification } from '../engine/verify.ts'
import { isPassive } from './activity.ts'
import { cookieValues } from './cookie.ts'
import { mayChangeState } from './csrf.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { WebSettings } from './options.ts'
import { addressOf, originOf } from './origin.ts'
import { errorReply, noStore, varyCookie } from './reply.ts'
import { type Shape, Visit } from './visit.ts'

const nobody: Verification = { state: 'none', cause: 'absent' }

/**
 * Begins a request: the visit of whoever sent it, or a reply that ends it here (another site's request, a store that is
 * down). Answers at once where the store does. `onDirty` is called when the visit has something to save.
 */
export function openVisit<D extends object = Shape>(
  engine: Engine,
  settings: WebSettings,
  exchange: Exchange,
  onDirty: () => void,
): Awaitable<Visit<D> | Reply> {
  const values = cookieValues(exchange.header('cookie'), settings.cookie)
  if (settings.refuseCrossSite && isCrossSite(exchange, settings, values.length > 0)) return crossSite
  exchange.appendHeader(...varyCookie)
  if (values.length > 0) exchange.appendHeader(...noStore)
  const facts: RequestFacts = {
    userAgent: exchange.header('user-agent') ?? null,
    ip: addressOf(exchange, settings.trustProxy),
    passive: isPassive(exchange),
  }
  const visit = (verification: Verification): Visit<D> =>
    new Visit<D>(engine, settings, exchange, facts, verification, values.length > 0, onDirty)
  const failed = (error: unknown): Visit<D> | Reply => {
    if (!(error instanceof SessionError) || error.code !== 'store_unavailable') throw error
    return settings.serveWithoutStore(exchange) ? visit(nobody) : errorReply(error)
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

/** Several cookies of one name: the first that opens a live session counts, wherever it stands. */
function verifyFirst(
  engine: Engine,
  values: readonly string[],
  facts: RequestFacts,
): Awaitable<Verification> {
  const [value, ...others] = values
  const first = engine.verify(value, facts)
  if (others.length === 0) return first
  return then(first, (found) => {
    if (found.state === 'active') return found
    return then(verifyFirst(engine, others, facts), (later) => (later.state === 'none' ? found : later))
  })
}

function isCrossSite(exchange: Exchange, settings: WebSettings, hasCookie: boolean): boolean {
  if (exchange.method === 'GET') return false
  return !mayChangeState(exchange, originOf(exchange, settings.trustProxy).origin, hasCookie)
}

const crossSite = errorReply(new SessionError('cross_site_request', 'a request from another site'))
